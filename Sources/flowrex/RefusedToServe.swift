/// Why a process ended before it opened a port.
struct RefusedToServe: Error {
  let why: String
}
