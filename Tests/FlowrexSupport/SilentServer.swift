import Glibc

/// A port of this machine where the kernel takes connections and nobody reads them: a process that
/// is frozen.
package struct SilentServer: Sendable {
  package let port: Int
  private let descriptor: Int32

  package init() throws { (descriptor, port) = try Loopback.listening() }

  package func close() { Glibc.close(descriptor) }
}
