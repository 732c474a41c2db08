import PromQL
import SlipwayDocuments
import SlipwayLeaks
import SlipwayModel

extension Trial {
  /// Readers of forms of documents, of what is pinned, and of what may be a secret.
  package static let documents: [Trial] = [
    Trial("yaml") { bytes in _ = try YAMLReader.readAll(bytes: bytes) },
    Trial("json") { bytes in _ = try JSONReader.read(bytes: bytes) },
    Trial("nginx") { bytes in _ = try NginxReader.read(bytes: bytes) },
    Trial("dockerfile") { bytes in _ = try DockerfileReader.read(bytes: bytes) },
    Trial("dotenv") { bytes in _ = try DotenvReader.read(bytes: bytes) },
    Trial("promql") { bytes in _ = try PromQL.Parser.parse(text(bytes)) },
    Trial("template") { bytes in
      _ = try Template(path: "trial", text: text(bytes)).render([:]).get()
    },
    Trial("lock") { bytes in _ = try ImageLock.read(text(bytes), path: "Lock.json").get() },
    Trial("leaks") { bytes in
      guard LeakScanner().leaks(in: bytes, path: "trial.env").isEmpty else { throw Refused() }
    },
  ]

  package static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
