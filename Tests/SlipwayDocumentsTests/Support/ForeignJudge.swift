import Foundation
import Testing

/// A reader that somebody else wrote, run once over a file with many cases.
///
/// It runs in `.tools`, where its modules are; the machine's own `python3` has none of them. A
/// judge that cannot run fails the test: a check that is skipped where it matters is none.
struct ForeignJudge {
  /// A program in Python. It reads the file that is its argument and writes what it has found.
  let program: String

  struct Verdict {
    let status: Int32
    let output: String
  }

  /// Runs the program over `input`.
  func judge(_ input: [UInt8]) throws -> Verdict {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("slipway-judge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appendingPathComponent("judge.py")
    let file = folder.appendingPathComponent("cases")
    try Data(self.program.utf8).write(to: program)
    try Data(input).write(to: file)

    let process = Process()
    // <root>/Tests/SlipwayDocumentsTests/Support/ForeignJudge.swift
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    process.executableURL = URL(fileURLWithPath: "/\(root)/.tools/bin/python3")
    process.arguments = [program.path, file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Verdict(
      status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
  }
}

/// A value in a form that both sides of a comparison can write and read without a doubt: length and
/// bytes, as in Bencode, with a letter for the kind.
enum Canonical {
  static let null = Array("n".utf8)

  static func bool(_ value: Bool) -> [UInt8] { Array(value ? "t".utf8 : "f".utf8) }

  static func number(_ text: String) -> [UInt8] { Array("d\(text);".utf8) }

  static func string(_ text: String) -> [UInt8] { Array("s\(text.utf8.count):".utf8) + text.utf8 }

  static func list(_ elements: [[UInt8]]) -> [UInt8] {
    Array("l".utf8) + elements.joined() + Array("e".utf8)
  }

  /// Entries in their order.
  static func map(_ entries: [(String, [UInt8])]) -> [UInt8] {
    Array("m".utf8) + entries.flatMap { string($0.0) + $0.1 } + Array("e".utf8)
  }

  /// A case for a judge: the document, then what it means.
  static func judged(_ document: String, means value: [UInt8]) -> [UInt8] {
    string(document) + value
  }

  /// The other half, in Python: `cases(path)` yields pairs of a document and its meaning, numbers
  /// as `Number`, maps as lists of pairs in a `Map`.
  static let python = """
    import sys

    class Number(str): pass
    class Map(list): pass

    def value(b, i):
        kind = b[i:i + 1]
        if kind == b'n': return None, i + 1
        if kind == b't': return True, i + 1
        if kind == b'f': return False, i + 1
        if kind == b'd':
            end = b.index(b';', i)
            return Number(b[i + 1:end].decode()), end + 1
        if kind == b's':
            colon = b.index(b':', i)
            end = colon + 1 + int(b[i + 1:colon])
            return b[colon + 1:end].decode(), end
        i += 1
        if kind == b'l':
            found = []
            while b[i:i + 1] != b'e':
                element, i = value(b, i)
                found.append(element)
            return found, i + 1
        assert kind == b'm', kind
        found = Map()
        while b[i:i + 1] != b'e':
            key, i = value(b, i)
            element, i = value(b, i)
            found.append((key, element))
        return found, i + 1

    def cases(path):
        b = open(path, 'rb').read()
        i = 0
        while i < len(b):
            document, i = value(b, i)
            meaning, i = value(b, i)
            yield document, meaning

    def judge(equal, read):
        count = bad = 0
        for document, meaning in cases(sys.argv[1]):
            count += 1
            try:
                got = read(document)
            except Exception as error:
                got = error
            if isinstance(got, Exception) or not equal(meaning, got):
                bad += 1
                if bad < 5: print(repr(document), repr(meaning), repr(got))
        print('judged', count, 'wrong', bad)
        sys.exit(1 if bad else 0)

    """
}
