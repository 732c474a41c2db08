import ServiceContract
import SlipwayModel

/// What a service and the files that deploy it agreed on, as one digest: it stands in the labels of
/// images and in the release record, so that files made for another contract can be refused. (F13)
enum ContractDigest {
  static func of(_ contract: Contract) -> String { SHA256.hex(contract.agreement) }
}
