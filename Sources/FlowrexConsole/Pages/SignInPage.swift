import FlowrexContract

/// The form of the sign-in. (S04-AUTH-07)
extension View {
  /// - Parameters:
  ///   - message: Why it is shown, where there is a reason.
  ///   - email: What was typed before.
  ///   - next: Where to go afterwards.
  func signIn(message: Notice? = nil, email: String = "", next: ConsoleEndpoint? = nil) -> Node {
    page(
      "Sign in",
      live: [
        message.map(\.node) ?? .nothing,
        form(
          Link(.signIn), [.class("card narrow")],
          next.map { hidden("next", $0.rawValue) } ?? .nothing,
          .tag(.label, [.for("email")], "E-mail address"),
          .tag(
            .input,
            [
              .id("email"), .name("email"), .type("email"), .value(email),
              .autocomplete("username"), .maxLength(254), .required,
            ] + (email.isEmpty ? [.autofocus] : [])),
          .tag(.label, [.for("password")], "Password"),
          .tag(
            .input,
            [
              .id("password"), .name("password"), .type("password"),
              .autocomplete("current-password"), .maxLength(256), .required,
            ] + (email.isEmpty ? [] : [.autofocus])),
          .tag(.button, [.class("main")], "Sign in")),
      ])
  }
}

/// Something that a page says at its top.
struct Notice: Sendable {
  enum Kind: String, Sendable { case good, note, bad }

  let kind: Kind
  let text: String
  /// For those who ask us about it.
  var code: String?
  var detail: String?

  init(_ kind: Kind, _ text: String, code: String? = nil, detail: String? = nil) {
    self.kind = kind
    self.text = text
    self.code = code
    self.detail = detail
  }

  var node: Node {
    .tag(
      .div, [.class("notice \(kind.rawValue)"), .role(kind == .bad ? "alert" : "status")],
      .tag(.p, .text(text)),
      detail.map { .tag(.p, .text($0)) } ?? .nothing,
      code.map { .tag(.p, [.class("code")], .tag(.code, .text($0))) } ?? .nothing)
  }
}
