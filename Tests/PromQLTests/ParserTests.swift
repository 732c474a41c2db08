import Testing

@testable import PromQL

@Suite struct ParserTests {
  @Test(arguments: Accepted.byBoth + Accepted.byThree)
  func `what Prometheus 3 accepts is read`(_ text: String) throws {
    _ = try Parser.parse(text)
  }

  @Test(arguments: Refused.byBoth + Refused.byThree + Refused.sinceThree + Refused.strictly)
  func `what Prometheus 3 refuses is refused`(_ text: String) {
    #expect(throws: PromQLError.self) { try Parser.parse(text) }
  }

  @Test(arguments: Accepted.byBoth + Accepted.byThree)
  func `what was read is written and read again as the same tree`(_ text: String) throws {
    let tree = try Parser.parse(text)
    let canonical = Printer.text(tree)
    #expect(try Parser.parse(canonical) == tree, "\(canonical)")
    #expect(Printer.text(try Parser.parse(canonical)) == canonical)
    #expect(try Parser.parse(Printer.pretty(tree, columns: 20)) == tree)
  }

  @Test(arguments: Function.allCases)
  func `every function takes its own arguments and no others`(_ function: Function) throws {
    let signature = function.signature
    for count in signature.minimum...(signature.maximum ?? signature.minimum + 3) {
      _ = try Parser.parse(ExampleCall.text(function, count: count))
    }
    let tooMany = (signature.maximum ?? 0) + 1
    if signature.maximum != nil {
      #expect(throws: PromQLError.self) {
        try Parser.parse(ExampleCall.text(function, count: tooMany))
      }
    }
    if signature.minimum > 0 {
      let tooFew = ExampleCall.text(function, count: signature.minimum - 1)
      #expect(throws: PromQLError.self) { try Parser.parse(tooFew) }
    }
    for index in 0..<signature.minimum {
      let wrong = ExampleCall.text(function, count: signature.minimum, wrongAt: index)
      #expect(throws: PromQLError.self, "\(wrong)") { try Parser.parse(wrong) }
    }
  }

  @Test func `a function that needs a flag is refused without it`() throws {
    for function in Function.allCases {
      let text = ExampleCall.text(function, count: function.signature.minimum)
      if function.isExperimental {
        #expect(throws: PromQLError.self, "\(text)") {
          try Parser.parse(text, allowing: .stable)
        }
      } else {
        _ = try Parser.parse(text, allowing: .stable)
      }
    }
  }

  @Test(arguments: Accepted.durations3 + Accepted.fills3 + Accepted.modifiers3)
  func `a form that needs a flag says so in the inventory`(_ text: String) throws {
    let needed = Inventory(try Parser.parse(text)).features
    // `[(5s)]` needs the flag for its parentheses, which the tree does not keep.
    guard !needed.isEmpty else { return }
    _ = try Parser.parse(Printer.text(try Parser.parse(text)), allowing: needed)
    let canonical = Printer.text(try Parser.parse(text))
    for flag in [Features.durationArithmetic, .extendedRanges, .fillModifiers]
    where needed.contains(flag) {
      #expect(throws: PromQLError.self) {
        try Parser.parse(canonical, allowing: .all.subtracting(flag))
      }
    }
  }

  @Test(arguments: Accepted.byBoth)
  func `what older servers accept needs no flag`(_ text: String) throws {
    _ = try Parser.parse(text, allowing: .stable)
    #expect(Inventory(try Parser.parse(text)).features == .stable)
  }

  @Test func `the types of expressions are those of Prometheus`() throws {
    let types: [(String, ValueType)] = [
      ("1", .scalar), ("'a'", .string), ("foo", .vector), ("foo[5m]", .matrix),
      ("foo[5m:]", .matrix), ("-1", .scalar), ("-foo", .vector), ("1 + 1", .scalar),
      ("1 + foo", .vector), ("sum(foo)", .vector), ("time()", .scalar), ("rate(foo[5m])", .vector),
      ("scalar(foo)", .scalar), ("1 > bool 2", .scalar), ("max_of(1, 2)", .scalar),
    ]
    for (text, type) in types {
      #expect(try Parser.parse(text).type == type, "\(text)")
    }
  }
}

/// Calls of any function with arguments of the right types, or one of a wrong type.
enum ExampleCall {
  static func text(_ function: Function, count: Int, wrongAt wrong: Int? = nil) -> String {
    let arguments = (0..<count).map { index in
      let type = function.signature.parameter(at: index) ?? .scalar
      if function == .info && index == 1 { return index == wrong ? "5" : "{a=\"b\"}" }
      return index == wrong ? other(than: type) : example(type)
    }
    return "\(function.name)(\(arguments.joined(separator: ", ")))"
  }

  private static func example(_ type: ValueType) -> String {
    switch type {
    case .scalar: "0.5"
    case .string: "\"a\""
    case .vector: "foo"
    case .matrix: "foo[5m]"
    }
  }

  private static func other(than type: ValueType) -> String {
    example(type == .string ? .vector : .string)
  }
}
