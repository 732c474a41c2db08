package import FlowrexContract
package import HTTPTypes

extension StatusClass {
  /// The class of a status, as metrics count it. (S17-MET-01)
  package init(_ status: HTTPResponse.Status) {
    switch status.code {
    case ..<200: self = .informational
    case ..<300: self = .success
    case ..<400: self = .redirect
    case ..<500: self = .clientError
    default: self = .serverError
    }
  }
}
