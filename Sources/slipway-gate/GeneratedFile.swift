import SlipwayEvidence

/// A file that `slipway generate` made, or a script recorded.
struct GeneratedFile {
  let path: String
  init(_ path: String) { self.path = path }

  func read<Value>(
    _ body: ([UInt8]) throws(ReadingFailure) -> Value
  ) throws(ReadingFailure) -> Value {
    do throws(BoundedFile.Failure) {
      let bytes = try BoundedFile(path, limit: BoundedFile.factBytes).bytes()
      do throws(ReadingFailure) {
        return try body(bytes)
      } catch {
        throw BoundedFile.Failure.unreadable(error.clause)
      }
    } catch {
      switch error {
      case .missing: throw ReadingFailure("there is no '\(path)'")
      case .unreadable(let why): throw ReadingFailure("'\(path)': \(why)")
      }
    }
  }
}
