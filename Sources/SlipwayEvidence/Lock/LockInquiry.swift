/// Asks registries and git what the entries of a lock file mean now. The only step that needs a
/// network; what follows from the answers is `LockDecision`.
package struct LockInquiry: Sendable {
  package let http: HTTPClient
  package let registries: Detours<RegistryAddress>
  package let hosts: Detours<GitHost>

  /// How many servers are asked at a time: more than one, for they are far away; not many, for
  /// they count.
  private static let width = 4

  package init(
    _ http: HTTPClient, registries: Detours<RegistryAddress> = Detours(),
    hosts: Detours<GitHost> = Detours()
  ) {
    self.http = http
    self.registries = registries
    self.hosts = hosts
  }

  package func answers(to questions: LockQuestions) async -> LockAnswers {
    let images = questions.images.map { ($0, ImageName($0.name)) }
    var answers = LockAnswers()
    answers.unnamed = images.compactMap { entry, name in
      name == nil || !ImageName.isTag(entry.version) ? entry : nil
    }
    let sound = images.compactMap { entry, name -> ImageQuestion? in
      guard let name, ImageName.isTag(entry.version) else { return nil }
      return ImageQuestion(
        entry: entry, name: name, address: registries.address(of: name.registry))
    }
    let clients = await open(sound)
    for (address, client) in clients {
      guard case .failure(let failure) = client else { continue }
      let entries = sound.filter { $0.address == address }.map(\.entry)
      answers.silences.append(
        LockAnswers.Silence(address: address, entries: entries, failure: failure))
    }
    answers.images = await Self.each(sound) { question -> LockAnswers.Image? in
      guard case .success(let client)? = clients.first(where: { $0.0 == question.address })?.1
      else { return nil }
      return await question.answer(client)
    }.compactMap { $0 }
    let host = hosts[GitHost.ofActions] ?? GitHost(host: GitHost.ofActions)
    let remote = GitRemote(host, limits: http.limits)
    answers.actions = await Self.each(questions.actions) { entry in
      await Self.answer(entry, remote)
    }
    answers.unnamed += answers.actions.filter { $0.source.isEmpty }.map(\.entry)
    answers.actions.removeAll { $0.source.isEmpty }
    return answers
  }

  private typealias Client = (RegistryAddress, Result<RegistryClient, RegistryFailure>)

  /// Each registry is asked once what it wants to see.
  private func open(_ questions: [ImageQuestion]) async -> [Client] {
    var addresses: [RegistryAddress] = []
    for question in questions where !addresses.contains(question.address) {
      addresses.append(question.address)
    }
    let http = http
    return await Self.each(addresses) { address in
      do throws(RegistryFailure) {
        return (address, .success(try await RegistryClient.open(address, http)))
      } catch {
        return (address, .failure(error))
      }
    }
  }

  private static func answer(
    _ entry: LockedEntry, _ remote: GitRemote
  ) async -> LockAnswers.Action {
    guard let name = ActionName(entry.name), ActionName.isVersion(entry.version) else {
      return LockAnswers.Action(entry: entry, source: "", result: .failure(.malformed))
    }
    let source = remote.host.source(name, entry.version)
    do throws(GitFailure) {
      let commit = try await remote.commit(of: name, entry.version)
      return LockAnswers.Action(entry: entry, source: source, result: .success(commit))
    } catch {
      return LockAnswers.Action(entry: entry, source: source, result: .failure(error))
    }
  }

  /// The answers in the order of the questions, a few at a time.
  private static func each<Question: Sendable, Answer: Sendable>(
    _ questions: [Question], _ ask: @escaping @Sendable (Question) async -> Answer
  ) async -> [Answer] {
    await withTaskGroup(of: (Int, Answer).self) { group in
      var answers: [(Int, Answer)] = []
      for (index, question) in questions.enumerated() {
        if index >= width, let answer = await group.next() { answers.append(answer) }
        group.addTask { (index, await ask(question)) }
      }
      for await answer in group { answers.append(answer) }
      return answers.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}

private struct ImageQuestion: Sendable {
  let entry: LockedEntry
  let name: ImageName
  let address: RegistryAddress

  func answer(_ client: RegistryClient) async -> LockAnswers.Image {
    let source = address.source(name.repository, "manifests/\(entry.version)")
    // Only what was read here before, whole, need not be read again.
    let isKnown = entry.sources.contains(source) && !entry.platforms.isEmpty
    do throws(RegistryFailure) {
      let reading = try await client.read(
        name.repository, tag: entry.version, known: isKnown ? entry.pin : nil)
      return LockAnswers.Image(entry: entry, source: source, result: .success(reading))
    } catch {
      return LockAnswers.Image(entry: entry, source: source, result: .failure(error))
    }
  }
}

/// What was answered.
package struct LockAnswers: Sendable {
  package struct Image: Sendable {
    let entry: LockedEntry
    /// The address that was asked.
    let source: String
    let result: Result<ImageReading, RegistryFailure>
  }

  package struct Action: Sendable {
    let entry: LockedEntry
    let source: String
    let result: Result<String, GitFailure>
  }

  /// A registry that cannot be asked at all, with the images that wait for it.
  package struct Silence: Sendable {
    let address: RegistryAddress
    let entries: [LockedEntry]
    let failure: RegistryFailure
  }

  var images: [Image] = []
  var actions: [Action] = []
  var silences: [Silence] = []
  /// Entries whose name or tag cannot be one; nobody was asked.
  var unnamed: [LockedEntry] = []
}
