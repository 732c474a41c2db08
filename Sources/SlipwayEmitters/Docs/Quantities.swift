import ServiceContract
import Slipway
import SlipwayModel

/// Quantities as people read them.
extension Duration {
  /// `30 days`, `15 minutes`, `1.5 s`: the largest unit in which it is whole.
  var readable: String {
    if components.attoseconds != 0 || self == .zero {
      let milliseconds = number.shifted(by: 3)
      return components.seconds == 0 && self != .zero ? "\(milliseconds) ms" : "\(number) s"
    }
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")]
    for (size, name) in units where wholeSeconds % size == 0 {
      let count = wholeSeconds / size
      return "\(count) \(name)\(count == 1 ? "" : "s")"
    }
    return "\(wholeSeconds) s"
  }
}

extension ByteCount {
  /// `2 GiB`, `512 MiB`: the largest unit in which it is whole.
  var readable: String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")]
    for (shift, name) in units where bytes > 0 && bytes % (1 << shift) == 0 {
      return "\(bytes >> shift) \(name)"
    }
    return "\(bytes) bytes"
  }
}

extension Resources {
  /// `2 CPU, 2 GiB`.
  var readable: String { "\(cpus) CPU, \(memory.readable)" }

  static let nothing = Resources.cpus(0, memory: .init(bytes: 0))

  func times(_ count: Int) -> Resources {
    .cpus(
      cpus * ExactDecimal(Int64(count)), memory: .init(bytes: memory.bytes.saturatingTimes(count)))
  }

  static func + (left: Self, right: Self) -> Self {
    .cpus(
      left.cpus + right.cpus, memory: left.memory + right.memory)
  }
}

extension Replicas {
  var readable: String {
    switch self {
    case .count(let count): String(count)
    case .everyNode: "one on each node"
    }
  }
}

extension Placement {
  var prose: Prose {
    switch self {
    case .anywhere: "anywhere"
    case .kind(let kind): "nodes for \(code: kind.rawValue)"
    case .node(let name): "\(code: name)"
    }
  }
}

extension RollOrder {
  /// What a reviewer wants to know: is there a moment without it?
  var readable: String {
    switch self {
    case .startFirst: "new one first"
    case .stopFirst: "old one stops first"
    }
  }
}

extension ImageReference {
  /// The image, with a link where the repository builds it; addresses start at `folder`.
  func prose(from folder: String) -> Prose {
    switch self {
    case .locked(let image):
      """
      \(code: "\(image.name):\(image.tag)"), \
      digest \(code: String(image.digest.dropFirst("sha256:".count).prefix(12)))
      """
    case .unlocked(let name, let tag): "\(code: "\(name):\(tag)"), \(strong: "not locked")"
    case .release(let variable): "\(code: variable) of the release record"
    case .checkout(let image, let dockerfile):
      "\(code: image), from \("this checkout", at: relativePath(from: folder, to: dockerfile))"
    }
  }
}

extension Receiver {
  var prose: Prose {
    switch kind {
    case .pagerDuty: "PagerDuty"
    case .slack(let channel): "Slack \(code: channel)"
    case .webhook: "a webhook"
    }
  }
}

extension StageKind {
  /// What an environment of this stage is to people.
  var meaning: String {
    switch self {
    case .development: "a developer's own machine; its data may be thrown away"
    case .staging: "like production, for a release to prove itself before it goes there"
    case .production: "what people depend on"
    }
  }
}

/// How a page in one folder writes the address of a file of the repository.
func relativePath(from folder: String, to path: String) -> String {
  var here = folder.split(separator: "/")
  var there = path.split(separator: "/")
  while let first = here.first, first == there.first, there.count > 1 {
    here.removeFirst()
    there.removeFirst()
  }
  return (Array(repeating: "..", count: here.count) + there.map(String.init))
    .joined(separator: "/")
}
