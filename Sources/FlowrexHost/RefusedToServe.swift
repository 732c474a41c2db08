/// Why a process ended before it was ready once. Says what is wrong and where to change it.
package struct RefusedToServe: Error, Equatable {
  package let why: String

  package init(why: String) { self.why = why }
}
