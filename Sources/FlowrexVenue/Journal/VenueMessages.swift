import FlowrexContract
package import FlowrexTrading
import Foundation
package import Ledger

/// Text of the venue that says something else than it should. What is wrong is named.
package struct VenueMisread: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// How the venue writes: JSON with names in snake case and in order, numbers of money as decimal
/// text, moments in microseconds since 1970. The same in its journal and on the line to it.
package enum VenueJSON {
  package static func bytes(_ value: some Encodable) throws(VenueMisread) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    do { return Array(try encoder.encode(value)) } catch {
      throw VenueMisread("cannot be written: \(error)")
    }
  }

  package static func read<Value: Decodable>(
    _ type: Value.Type, _ bytes: some Collection<UInt8>
  ) throws(VenueMisread) -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do { return try decoder.decode(type, from: Data(bytes)) } catch {
      throw VenueMisread("is no \(type)")
    }
  }

  static func id<Kind>(_ text: String) throws(VenueMisread) -> Identifier<Kind> {
    guard let id = Identifier<Kind>(text: text) else { throw VenueMisread("'\(text)' is no name") }
    return id
  }

  static func number<Kind>(_ text: String) throws(VenueMisread) -> Fixed<Kind> {
    do { return try Fixed<Kind>(text: text) } catch { throw VenueMisread("\(error)") }
  }

  static func word<Word: RawRepresentable<String>>(_ text: String) throws(VenueMisread) -> Word {
    guard let word = Word(rawValue: text) else {
      throw VenueMisread("'\(text)' is no \(Word.self)")
    }
    return word
  }
}

/// An order on its way. (``Submission``)
package struct OrderMessage: Codable, Hashable, Sendable {
  let order: String
  let account: String
  let instrument: String
  let side: String
  let quantity: String
  let limit: String?
  let life: String
  let purpose: String
  let goodUntil: Int64
  let epoch: Int64

  package init(_ submission: Submission) {
    let terms = submission.terms
    order = submission.order.description
    account = submission.account.description
    instrument = terms.instrument.rawValue
    side = terms.side.rawValue
    quantity = terms.quantity.text()
    limit = if case .limit(let price) = terms.pricing { price.text() } else { nil }
    life = terms.life.rawValue
    purpose = terms.purpose.rawValue
    goodUntil = submission.goodUntil.microseconds
    epoch = submission.epoch
  }

  package func submission() throws(VenueMisread) -> Submission {
    let pricing: Pricing
    if let limit { pricing = .limit(try VenueJSON.number(limit)) } else { pricing = .market }
    let side: Side = try VenueJSON.word(side)
    let instrument: Instrument = try VenueJSON.word(instrument)
    return Submission(
      try VenueJSON.id(order), of: try VenueJSON.id(account),
      OrderTerms(
        side, try VenueJSON.number(quantity), of: instrument, pricing,
        life: try VenueJSON.word(life), purpose: try VenueJSON.word(purpose)),
      goodUntil: Timestamp(microseconds: goodUntil), epoch: epoch)
  }
}

/// A trade. (``Fill``)
package struct FillMessage: Codable, Hashable, Sendable {
  let fill: String
  let order: String
  let side: String
  let quantity: String
  let instrument: String
  let price: String
  let fee: String
  /// How its profit becomes dollars: `none`, or `times` or `over` the rate.
  let conversion: String
  let rate: String?

  package init(_ fill: Fill) {
    self.fill = fill.id.description
    order = fill.order.description
    side = fill.side.rawValue
    quantity = fill.quantity.text()
    instrument = fill.instrument.rawValue
    price = fill.price.text()
    fee = fill.fee.text()
    (conversion, rate) =
      switch fill.conversion {
      case .none: ("none", nil)
      case .times(let rate): ("times", rate.text())
      case .over(let rate): ("over", rate.text())
      }
  }

  package func trade() throws(VenueMisread) -> Fill {
    let conversion: Conversion
    switch (self.conversion, rate) {
    case ("none", nil): conversion = .none
    case ("times", let rate?): conversion = .times(try VenueJSON.number(rate))
    case ("over", let rate?): conversion = .over(try VenueJSON.number(rate))
    default: throw VenueMisread("'\(self.conversion)' is no conversion")
    }
    return Fill(
      try VenueJSON.id(fill), of: try VenueJSON.id(order), try VenueJSON.word(side),
      try VenueJSON.number(quantity), of: try VenueJSON.word(instrument),
      at: try VenueJSON.number(price), fee: try VenueJSON.number(fee), conversion: conversion)
  }
}

/// Something that the venue tells. (``VenueEvent``)
package struct EventMessage: Codable, Hashable, Sendable {
  let sequence: Int64
  let order: String
  let kind: String
  let fill: FillMessage?

  package init(_ event: VenueEvent) {
    sequence = event.sequence
    order = event.order.description
    (kind, fill) =
      switch event.kind {
      case .acknowledged: ("acknowledged", nil)
      case .rejected: ("rejected", nil)
      case .cancelled: ("cancelled", nil)
      case .expired: ("expired", nil)
      case .filled(let fill): ("filled", FillMessage(fill))
      }
  }

  package func event() throws(VenueMisread) -> VenueEvent {
    let told: VenueEvent.Kind
    switch (kind, fill) {
    case ("acknowledged", nil): told = .acknowledged
    case ("rejected", nil): told = .rejected
    case ("cancelled", nil): told = .cancelled
    case ("expired", nil): told = .expired
    case ("filled", let fill?): told = .filled(try fill.trade())
    default: throw VenueMisread("'\(kind)' is no event")
    }
    return VenueEvent(sequence: sequence, order: try VenueJSON.id(order), told)
  }
}
