import Dispatch
import Synchronization

/// What a pure function makes of each input, on all cores. The results are in the order of the
/// inputs, whichever was ready first.
func concurrently<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], _ body: @Sendable (Input) -> Output
) -> [Output] {
  // Locked only to put a result in its place, which is once for each input.
  let results = Mutex([Output?](repeating: nil, count: inputs.count))
  DispatchQueue.concurrentPerform(iterations: inputs.count) { index in
    let output = body(inputs[index])
    results.withLock { $0[index] = output }
  }
  return results.withLock { $0.compactMap(\.self) }
}
