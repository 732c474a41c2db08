import Glibc

/// A port of this machine's loopback that nobody has.
package struct BoundPort {
  /// An open socket: the port is held, and nobody listens on it, until this is closed.
  package let descriptor: Int32
  package let number: Int

  package struct NoneFree: Error {}

  /// Holds a port that the system chooses.
  package init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
      }
    }
    guard isBound else {
      close(descriptor)
      throw NoneFree()
    }
    self.descriptor = descriptor
    number = Int(UInt16(bigEndian: address.sin_port))
  }

  package func release() { close(descriptor) }

  /// Ports that nobody listens on now: all are held until all are known, so they differ.
  package static func free(_ count: Int) throws -> [Int] {
    let held = try (0..<count).map { _ in try BoundPort() }
    defer { held.forEach { $0.release() } }
    return held.map(\.number)
  }
}
