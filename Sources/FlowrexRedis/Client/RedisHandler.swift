import NIOCore
import Synchronization

/// Why a connection ended, for who asks after it did.
final class RedisEnd: Sendable {
  private let state = Mutex<RedisFault?>(nil)
  var fault: RedisFault? { state.withLock { $0 } }
  func note(_ fault: RedisFault) { state.withLock { $0 = $0 ?? fault } }
}

/// What one caller sends in one piece.
struct RedisQuestion: Sendable {
  let bytes: ByteBuffer
  /// How many commands it holds: so many answers are due.
  let count: Int
  let limit: TimeAmount
  let promise: EventLoopPromise<[RedisReply]>
}

/// Sends questions as they come and gives answers in their order: nobody waits for another's
/// answer before asking.
///
/// A question that is not answered in time is given up; its answer, should it come, is thrown
/// away in its place in the line. When it does not come at all for a second, the connection ends.
final class RedisHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = RedisQuestion
  typealias OutboundOut = ByteBuffer

  private struct Due {
    let promise: EventLoopPromise<[RedisReply]>
    let missing: Int
    var replies: [RedisReply] = []
    let timer: Scheduled<Void>
    let asked: NIODeadline
  }

  private static let silence = TimeAmount.seconds(1)
  private let reader: ReplyReader
  private var due = CircularBuffer<Due>()
  private var isFlushDue = false
  private var fault: RedisFault?
  private let end: RedisEnd

  init(_ end: RedisEnd) throws(RedisFault) {
    reader = try ReplyReader()
    self.end = end
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let question = unwrapOutboundIn(data)
    if let fault {
      question.promise.fail(fault)
      promise?.succeed()
      return
    }
    let loop = NIOLoopBound(self, eventLoop: context.eventLoop)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    let timer = context.eventLoop.scheduleTask(in: question.limit) {
      question.promise.fail(RedisFault.timedOut)
      loop.value.mayEnd(bound.value)
    }
    due.append(
      Due(
        promise: question.promise, missing: question.count, timer: timer, asked: .now()))
    context.write(wrapOutboundOut(question.bytes), promise: promise)
    guard !isFlushDue else { return }
    // What others ask in the same turn of the loop leaves in the same piece.
    isFlushDue = true
    context.eventLoop.execute {
      loop.value.isFlushDue = false
      bound.value.flush()
    }
  }

  func flush(context: ChannelHandlerContext) {}

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    do throws(RedisFault) {
      let buffer = unwrapInboundIn(data)
      var read: RedisFault?
      buffer.withUnsafeReadableBytes { bytes in
        do throws(RedisFault) { try reader.feed(bytes) } catch { read = error }
      }
      if let read { throw read }
      while let reply = try reader.next() { take(reply, context) }
    } catch {
      end(context, error)
    }
  }

  private func take(_ reply: RedisReply, _ context: ChannelHandlerContext) {
    guard !due.isEmpty else {
      end(context, .unexpected("an answer without a question"))
      return
    }
    due[due.startIndex].replies.append(reply)
    guard due[due.startIndex].replies.count == due[due.startIndex].missing else { return }
    let done = due.removeFirst()
    done.timer.cancel()
    done.promise.succeed(done.replies)
  }

  /// After a question was given up: nothing at all for a second is a dead connection.
  private func mayEnd(_ context: ChannelHandlerContext) {
    guard let first = due.first else { return }
    let latest = first.asked + Self.silence
    guard latest > .now() else {
      self.end(context, .timedOut)
      return
    }
    let loop = NIOLoopBound(self, eventLoop: context.eventLoop)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    let asked = first.asked
    context.eventLoop.scheduleTask(deadline: latest) {
      if loop.value.due.first?.asked == asked { loop.value.end(bound.value, .timedOut) }
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(context, .broken("it was closed"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(context, (error as? RedisFault) ?? .broken("\(error)"))
  }

  private func end(_ context: ChannelHandlerContext, _ fault: RedisFault) {
    guard self.fault == nil else { return }
    self.fault = fault
    end.note(fault)
    for one in due {
      one.timer.cancel()
      one.promise.fail(fault)
    }
    due.removeAll()
    context.close(promise: nil)
  }
}
