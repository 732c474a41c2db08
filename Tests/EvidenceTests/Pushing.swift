import Foundation
import FoundationNetworking
import SlipwayModel

/// Pushes to a registry by plain requests, as its specification describes them.
struct Pushing {
  let port: Int

  struct Refused: Error { let status: Int, body: String }

  private func send(
    _ method: String, _ target: String, _ body: String = "", type: String
  ) async throws -> HTTPURLResponse {
    let url = URL(string: target, relativeTo: URL(string: "http://127.0.0.1:\(port)/v2/"))
    guard let url else { throw URLError(.badURL) }
    var request = URLRequest(url: url)
    request.httpMethod = method
    request.httpBody = Data(body.utf8)
    request.setValue(type, forHTTPHeaderField: "Content-Type")
    let (data, response) = try await URLSession.shared.data(for: request)
    guard let response = response as? HTTPURLResponse, response.statusCode < 300 else {
      let status = (response as? HTTPURLResponse)?.statusCode ?? 0
      throw Refused(status: status, body: String(decoding: data, as: UTF8.self))
    }
    return response
  }

  /// Stores a blob and returns its descriptor.
  func blob(_ text: String, to repository: String, type: String) async throws -> String {
    let bytes = "application/octet-stream"
    let begun = try await send("POST", "\(repository)/blobs/uploads/", type: bytes)
    let digest = "sha256:" + SHA256.hex(text)
    let place = begun.value(forHTTPHeaderField: "Location") ?? ""
    _ = try await send("PUT", "\(place)&digest=\(digest)", text, type: bytes)
    return #"{"mediaType": "\#(type)", "digest": "\#(digest)", "size": \#(text.utf8.count)}"#
  }

  /// Stores a manifest; the digest is the registry's own word.
  func manifest(
    _ text: String, to repository: String, _ reference: String, type: String
  ) async throws -> String {
    let answer = try await send("PUT", "\(repository)/manifests/\(reference)", text, type: type)
    return answer.value(forHTTPHeaderField: "Docker-Content-Digest") ?? ""
  }

  /// Stores an image for one platform under a tag.
  func image(
    _ repository: String, _ tag: String, platform: String, content: String = ""
  ) async throws -> String {
    let parts = platform.split(separator: "/")
    let configuration = try await blob(
      #"{"os": "\#(parts[0])", "architecture": "\#(parts[1])", "comment": "\#(content)"}"#,
      to: repository, type: "application/vnd.oci.image.config.v1+json")
    let type = "application/vnd.oci.image.manifest.v1+json"
    return try await manifest(
      #"{"schemaVersion": 2, "mediaType": "\#(type)", "config": \#(configuration), "layers": []}"#,
      to: repository, tag, type: type)
  }

  /// Stores an index over images of these platforms, and a proof of origin that is for none.
  func index(
    _ repository: String, _ tag: String, platforms: [String], content: String = "",
    type: String = "application/vnd.oci.image.index.v1+json"
  ) async throws -> String {
    var entries: [String] = []
    for platform in platforms + ["unknown/unknown"] {
      let parts = platform.split(separator: "/")
      let name = "part-\(parts.joined(separator: "-"))"
      let digest = try await image(repository, name, platform: platform, content: content)
      entries.append(
        """
        {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "\(digest)", \
        "size": 1, "platform": {"os": "\(parts[0])", "architecture": "\(parts[1])"}}
        """)
    }
    let list = entries.joined(separator: ", ")
    return try await manifest(
      #"{"schemaVersion": 2, "mediaType": "\#(type)", "manifests": [\#(list)]}"#, to: repository,
      tag, type: type)
  }
}
