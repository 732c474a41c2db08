/// The whole: each requirement with what proves it, or what was decided about it.
package struct Traceability: Sendable {
  package enum State: Equatable, Sendable {
    case covered([Citation])
    case decided(Decision)
    case uncovered
  }

  package struct Row: Sendable {
    package let requirement: Requirement
    package let state: State
  }

  package struct Chapter: Sendable {
    package let path: String
    package let title: String
    package let rows: [Row]
  }

  /// The documents, in the order of the index.
  package let chapters: [Chapter]
  package let contradictions: Chapter
  /// Everything that makes the table untrue, sorted.
  package let problems: [Problem]

  package init(inventory: Inventory, decisions: Decisions, citations: Citations) {
    var problems = inventory.problems + decisions.problems + citations.problems
    let known = Set(inventory.all.flatMap { $0.requirements.map(\.id) })
    var proofs: [String: [Citation]] = [:]
    for citation in citations.found {
      for id in citation.ids { proofs[id, default: []].append(citation) }
      for id in citation.ids where !known.contains(id) {
        problems.append(citation.problem("'\(citation.name)' names '\(id)', which is no row"))
      }
      if Set(citation.ids).count < citation.ids.count {
        problems.append(citation.problem("'\(citation.name)' names an id twice"))
      }
    }
    for decision in decisions.byID.values {
      if !known.contains(decision.id) {
        problems.append(decision.problem("'\(decision.id)' is no row"))
      }
      if let proof = proofs[decision.id]?.first {
        problems.append(
          decision.problem(
            "'\(decision.id)' is covered by \(proof.file):\(proof.line); delete it here"))
      }
    }
    func chapter(_ chapter: Inventory.Chapter) -> Chapter {
      Chapter(
        path: chapter.path, title: chapter.title,
        rows: chapter.requirements.map { requirement in
          Row(
            requirement: requirement,
            state: State(proofs[requirement.id], decisions.byID[requirement.id]))
        })
    }
    chapters = inventory.chapters.map(chapter)
    contradictions = chapter(inventory.contradictions)
    self.problems = problems.sorted()
  }
}

extension Traceability.State {
  fileprivate init(_ proofs: [Citation]?, _ decision: Decision?) {
    if let proofs {
      // Lines move with every edit; names and files seldom.
      self = .covered(Set(proofs).sorted { ($0.file, $0.name) < ($1.file, $1.name) })
    } else if let decision {
      self = .decided(decision)
    } else {
      self = .uncovered
    }
  }

  /// The word for it, on the page.
  package var name: String {
    switch self {
    case .covered: "covered"
    case .decided(let decision): decision.state.rawValue
    case .uncovered: "uncovered"
    }
  }
}

extension Citation {
  fileprivate func problem(_ message: String) -> Problem {
    Problem(file: file, line: line, message: message)
  }
}

extension Decision {
  fileprivate func problem(_ message: String) -> Problem {
    Problem(file: Decisions.path, line: line, message: message)
  }
}
