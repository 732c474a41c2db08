/// The generator's own version; it stands in manifests and nowhere else.
package enum SlipwayVersion {
  package static let current = "0.1.0"
}
