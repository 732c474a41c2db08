import Glibc

/// How a user called this program, so that hints name a command that can be typed again.
enum Invocation {
  /// `slipway` where the shell found it; `.build/debug/slipway` where it was named by a path.
  static let program = shown(CommandLine.arguments.first ?? "", in: folder)

  /// - Parameters:
  ///   - argument: The first word of the command line. `swift run` makes it an absolute path.
  ///   - folder: Where the command is run; a path under it is shown without it.
  static func shown(_ argument: String, in folder: String) -> String {
    guard !argument.isEmpty else { return "slipway" }
    guard !folder.isEmpty, argument.hasPrefix(folder + "/") else { return argument }
    return String(argument.dropFirst(folder.count + 1))
  }

  private static var folder: String {
    guard let path = realpath(".", nil) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }
}
