import FuzzDriver
import Glibc
import HTTPWire
import NIOCore

/// What a client's bytes mean.
struct Conversation: Equatable {
  var data: [UInt8] = []
  /// With how many bytes of data there were before each.
  var others: [Other] = []
  var violation: WebSocketDecoder.Violation?

  struct Other: Equatable {
    var after: Int
    var event: WebSocketDecoder.Event
  }
}

/// Reads what a client sends, handed over in pieces of `size` bytes.
func read(_ bytes: [UInt8], piecesOf size: Int) -> Conversation {
  var (conversation, decoder) = (Conversation(), WebSocketDecoder())
  for start in stride(from: 0, to: bytes.count, by: size) {
    decoder.append(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
    do throws(WebSocketDecoder.Violation) {
      while let event = try decoder.next() {
        if case .data(let piece) = event {
          precondition(piece.readableBytes > 0, "a piece of nothing")
          conversation.data += piece.readableBytesView
        } else {
          conversation.others.append(.init(after: conversation.data.count, event: event))
        }
      }
    } catch {
      conversation.violation = error
      return conversation
    }
  }
  return conversation
}

// However what a client sends is cut, it means the same; and no more comes out than went in.
exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    let whole = read(bytes, piecesOf: max(count, 1))
    precondition(whole == read(bytes, piecesOf: 1), "the pieces matter")
    precondition(whole.data.count <= count && whole.others.count <= count / 6, "there is more than was sent")
    return 0
  })
