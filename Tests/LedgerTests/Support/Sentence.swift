/// What the fault of `body` says.
func sentence(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no fault"
  } catch {
    return "\(error)"
  }
}
