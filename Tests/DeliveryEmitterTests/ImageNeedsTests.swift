import SlipwayDocuments
import TestSupport
import Testing

/// An image installs the system's libraries that its program links with, and no other. (C-30)
struct ImageNeedsTests {
  /// What every image of the toolchain brings: the language's own libraries and the C library.
  private static let runtime = [
    "libswift", "libFoundation", "lib_Foundation", "libdispatch", "libBlocksRuntime", "libstdc++",
    "libgcc_s", "libc.", "libm.", "libcrypt.", "ld-linux",
  ]

  @Test(.covers("C-30"), arguments: [("flowrex-backend", "flowrex")])
  func `the packages of an image are the libraries that its program opens`(
    image: String, product: String
  ) async throws {
    let output = try await Tool.program("/usr/bin/readelf", ["-d", "\(buildFolder)/\(product)"])
    let opened = output.stdout.matches(of: /\(NEEDED\) .*\[(.+)\]/).map { String($0.output.1) }
    #expect(opened.contains { $0.hasPrefix("libswift") }, "\(output)")
    let libraries = Set(
      opened.filter { name in !Self.runtime.contains { name.hasPrefix($0) } }.map(Self.library))
    #expect(libraries.count >= 2)

    let installing = try Emitted.flowrex().dockerfile(image).all("RUN").map(\.wordsText)
      .filter { $0.contains("apt-get install") }
    try #require(installing.count == 2)
    let (build, run) = (Self.packages(installing[0]), Self.packages(installing[1]))
    #expect(build.allSatisfy { $0.hasSuffix("-dev") })
    #expect(Set(build.map { String($0.dropLast("-dev".count)) }) == libraries)
    #expect(Set(run.filter { $0 != "ca-certificates" }.map(Self.unnumbered)) == libraries)
  }

  /// `libpq5=16.*` is the package `libpq5`.
  private static func packages(_ step: String) -> [String] {
    step.matches(of: /'?([a-z0-9.+-]+)=/).map { String($0.output.1) }
  }

  /// `libpq.so.5` is of `libpq`; one package has both of `libssl.so` and `libcrypto.so`.
  private static func library(_ name: String) -> String {
    let library = String(name.prefix { $0 != "." && $0 != "_" })
    return library == "libcrypto" ? "libssl" : library
  }

  /// `libpq5`, `libsqlite3-0`, `libhiredis1.1.0` and `libssl3t64` without their interface's number.
  private static func unnumbered(_ package: String) -> String {
    package.contains("-")
      ? String(package.prefix { $0 != "-" })
      : package.replacing(/[0-9.]+(t64)?$/, with: "")
  }
}
