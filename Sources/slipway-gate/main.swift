import Foundation

// What no part of Slipway asks for itself: the words of the command line and the day.
let day = Date.now.formatted(.iso8601.year().month().day())
let status = await GateCommands.run(Array(CommandLine.arguments.dropFirst()), today: day)
exit(status.rawValue)
