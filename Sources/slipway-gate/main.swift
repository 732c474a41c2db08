import Foundation
import SlipwayEvidence

// What no part of Slipway asks for itself: the words of the command line, the day and the time.
let date = Date.now
let clock = Clock(
  day: date.formatted(.iso8601.year().month().day()),
  now: PointInTime(seconds: Int(date.timeIntervalSince1970)))
let status = await GateCommands.run(Array(CommandLine.arguments.dropFirst()), at: clock)
exit(status.rawValue)
