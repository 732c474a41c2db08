/// A secret has a name, a strength and an age. It never has a value. (S18-HS-07)
public struct SecretKey: Sendable, Hashable {
  /// What a value must look like to be accepted.
  public enum Form: String, Sendable, Hashable {
    /// Random text; its strength is counted.
    case random
    /// An address that holds a credential, such as a webhook.
    case url
    /// A password hash, safe to read but not to publish.
    case passwordHash
    /// A private key or certificate in PEM form.
    case pem
    /// A name or number that a third party issued.
    case issued
  }

  /// In environment variables and secret managers: `POSTGRES_PASSWORD`.
  public let name: String
  public let form: Form
  /// The least strength that is accepted, in bits.
  public let bits: Int
  /// The greatest age before it must be replaced.
  public let rotateAfter: Duration
  public let help: String

  public init(
    _ name: String, form: Form = .random, atLeast bits: Int, rotate: Duration, _ help: String
  ) {
    self.name = name
    self.form = form
    self.bits = bits
    self.rotateAfter = rotate
    self.help = help
  }

  /// The name of the file that holds it and of the engine's secret: `postgres-password`.
  public var fileName: String {
    String(
      decoding: name.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "_"): UInt8(ascii: "-")
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        default: byte
        }
      }, as: UTF8.self)
  }
}
