import SlipwayEvidence
import Testing

struct ChallengeTests {
  @Test func `a bearer challenge is read with its parameters`() {
    let header = #"Bearer realm="https://auth.example/token",service="registry.example""#
    #expect(
      Challenge.read(header) == [
        Challenge(
          scheme: "bearer",
          parameters: ["realm": "https://auth.example/token", "service": "registry.example"])
      ])
  }

  @Test func `several challenges in one line are told apart, escapes are resolved`() {
    let header = #"Basic realm="a \"b\", c" , Bearer Realm = "d",scope="x:y,z" realm=later"#
    #expect(
      Challenge.read(header) == [
        Challenge(scheme: "basic", parameters: ["realm": "a \"b\", c"]),
        Challenge(scheme: "bearer", parameters: ["realm": "d", "scope": "x:y,z"]),
      ])
  }

  @Test(arguments: ["", ",", "=", "\"", "Bearer realm=\"", "Bearer =\"x\"", "a=b", "Bearer,,,"])
  func `any text ends`(text: String) {
    #expect(Challenge.read(text).count <= 2)
  }
}
