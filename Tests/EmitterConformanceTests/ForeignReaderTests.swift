import Foundation
import SlipwayDocuments
import SlipwayModel
import TestSupport
import Testing

/// Readers that others wrote find in every file of every environment what the model says.
struct ForeignReaderTests {
  @Test func `PyYAML, Python's json and crossplane read every file as it was meant`() async throws {
    var cases: [Case] = []
    for file in try Specimen.own.emitted.files {
      switch file.artefact.document {
      case .yaml(let tree):
        cases.append(Case(path: file.path, kind: "yaml", text: file.text, means: Plain(tree)))
      case .json(let tree):
        cases.append(Case(path: file.path, kind: "json", text: file.text, means: Plain(tree)))
      case .nginx(let nodes):
        let means = Plain.list(nodes.compactMap { Plain($0) })
        cases.append(Case(path: file.path, kind: "nginx", text: file.text, means: means))
      case .dockerfile, .dotenv, .text: break
      }
    }
    // None of them is content with nothing.
    for (kind, least) in [("yaml", 40), ("json", 50), ("nginx", 10)] {
      #expect(cases.count { $0.kind == kind } >= least, "\(kind)")
      #expect(cases.allSatisfy { $0.kind != kind || !$0.text.isEmpty })
    }
    for name in try Specimen.own.environments.map(\.name) {
      #expect(cases.count { $0.path.hasPrefix("generated/\(name)/") } >= 30, "\(name)")
    }
    let input = String(decoding: try JSONEncoder().encode(cases), as: UTF8.self)
    let output = try await Tool.run(
      "python3", ["-c", Self.reader], input: input, timeout: .seconds(300))
    #expect(output.status == 0, "\(output)")
    #expect(output.stdout == "read \(cases.count) wrong 0\n", "\(output)")
  }

  /// The judge tells two trees apart: else it would be content with anything.
  @Test(arguments: ["yaml", "json", "nginx"])
  func `a file that says something else is found`(kind: String) async throws {
    let texts = ["yaml": "a: 'on'\n", "json": #"{"a": "on"}"#, "nginx": "a on;\n"]
    let wrong: [Plain] = [
      .map(["a"], [.bool(true)]), .map(["b"], [.string("on")]), .list([.map(["a", "off"], [])]),
    ]
    let cases = wrong.map { Case(path: "x", kind: kind, text: texts[kind] ?? "", means: $0) }
    let input = String(decoding: try JSONEncoder().encode(cases), as: UTF8.self)
    let output = try await Tool.run("python3", ["-c", Self.reader], input: input)
    #expect(output.status == 1)
    #expect(output.stdout.hasSuffix("read 3 wrong 3\n"), "\(output)")
  }

  private struct Case: Encodable {
    let path, kind, text: String
    let means: Plain
  }

  /// Compares in order, and a number by its value; what YAML 1.1 takes for something else than a
  /// string is found too.
  private static let reader = #"""
    import json, os, re, sys, tempfile
    from decimal import Decimal
    import crossplane, yaml

    ESCAPES = {'t': '\t', 'r': '\r', 'n': '\n'}

    def word(text):
        # crossplane keeps escapes as they are written, but for the quote itself.
        return re.sub(r'''\\(["'\\trn])''', lambda m: ESCAPES.get(m[1], m[1]), text)

    def words(d):
        args = list(d['args'])
        # It takes the parentheses of a condition away.
        if d['directive'] == 'if':
            args[0] = '(' + args[0]
            args[-1] += ')'
        return [word(w) for w in [d['directive']] + args]

    def block(directives):
        return [['nginx', words(d), block(d['block']) if 'block' in d else None]
                for d in directives]

    def nginx(text):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'nginx.conf')
            with open(path, 'w', newline='') as file: file.write(text)
            result = crossplane.parse(
                path, single=True, comments=False, check_ctx=False, check_args=False)
        assert result['status'] == 'ok', result['errors']
        return block(result['config'][0]['parsed'])

    class Number(str): pass

    def same(want, got):
        kind = want[0]
        if kind == 'null': return got is None
        if kind == 'bool': return got is want[1]
        if kind == 'string':
            return type(got) is str and got == want[1]
        if kind == 'number':
            if type(got) not in (int, float, Number): return False
            return Decimal(want[1]) == Decimal(got if type(got) is Number else repr(got))
        if kind == 'list':
            return (isinstance(got, list) and len(got) == len(want[1])
                    and all(map(same, want[1], got)))
        keys, values = want[1:]
        if isinstance(got, list):
            if got[:1] != ['nginx'] or got[1] != keys: return False
            if not values: return got[2] is None
            return got[2] is not None and same(values[0], got[2])
        return (isinstance(got, dict) and list(got) == keys
                and all(map(same, values, got.values())))

    readers = {
        'yaml': yaml.safe_load,
        'json': lambda text: json.loads(text, parse_float=Number, parse_int=Number),
        'nginx': nginx,
    }
    count = wrong = 0
    for case in json.load(sys.stdin):
        count += 1
        got = readers[case['kind']](case['text'])
        if not same(case['means'], got):
            wrong += 1
            print(case['path'], 'differs')
    print('read', count, 'wrong', wrong)
    sys.exit(1 if wrong else 0)
    """#
}

extension Plain: Encodable {
  /// The kind, then what it is: `["map", keys, values]`.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    switch self {
    case .null: try container.encode("null")
    case .bool(let value):
      try container.encode("bool")
      try container.encode(value)
    case .number(let text):
      try container.encode("number")
      try container.encode(text)
    case .string(let text):
      try container.encode("string")
      try container.encode(text)
    case .list(let elements):
      try container.encode("list")
      try container.encode(elements)
    case .map(let keys, let values):
      try container.encode("map")
      try container.encode(keys)
      try container.encode(values)
    }
  }
}
