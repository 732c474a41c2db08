/// Where in a specification a value was written.
///
/// A factory of the DSL captures the file and the line on which its call starts; `argument` is the
/// label that the value was given under, so that a printer can find and underline it in the source.
public struct Origin: Hashable, Sendable, Comparable {
  /// As the compiler spelled it (`#filePath`); printers cut the package root.
  public let file: String
  /// The line on which the call starts, counted from 1.
  public let line: Int
  /// The argument label of the value, or `nil` for the call itself.
  public let argument: String?

  public init(file: String, line: Int, argument: String? = nil) {
    self.file = file
    self.line = line
    self.argument = argument
  }

  /// Without the file: its path is long, and few origins differ in nothing else.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(line)
    hasher.combine(argument)
  }

  /// The same call, narrowed to one of its arguments.
  public func at(_ argument: String) -> Origin {
    Origin(file: file, line: line, argument: argument)
  }

  /// The file as people name it who do not know where the repository lies: from the folder
  /// `environments/` on, or its folder and its name.
  package var shortFile: String {
    let parts = file.split(separator: "/")
    guard let start = parts.lastIndex(of: "environments") else {
      return parts.suffix(2).joined(separator: "/")
    }
    return parts[start...].joined(separator: "/")
  }

  public static func < (left: Origin, right: Origin) -> Bool {
    if left.file != right.file { return left.file < right.file }
    return (left.line, left.argument ?? "") < (right.line, right.argument ?? "")
  }
}
