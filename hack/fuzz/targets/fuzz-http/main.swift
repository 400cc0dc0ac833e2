import FuzzDriver
import Glibc
import HTTPWire
import NIOCore
import NIOHTTP1

/// What a connection's bytes mean.
struct Message: Equatable {
  var head: HTTPRequestHead?
  var body: [UInt8] = []
  var isDone = false
  var error: HTTPSyntaxError?
}

/// Reads one request, handed over in pieces of `size` bytes.
func read(_ bytes: [UInt8], piecesOf size: Int) -> Message {
  var (message, buffer, parser) = (Message(), ByteBuffer(), HeadParser())
  var decoder: BodyDecoder?
  for start in stride(from: 0, to: bytes.count, by: size) {
    buffer.writeBytes(bytes[start..<min(start + size, bytes.count)])
    do throws(HTTPSyntaxError) {
      if message.head == nil {
        message.head = try parser.request(&buffer)
        if let head = message.head { decoder = BodyDecoder(try head.bodyFraming()) }
      }
      while case .data(let data)? = try decoder?.next(&buffer) { message.body += data.readableBytesView }
    } catch {
      message.error = error
      return message
    }
  }
  message.isDone = decoder?.isDone == true
  return message
}

// However a request is cut, it means the same; and no response's head or body stops the program.
exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    precondition(read(bytes, piecesOf: max(count, 1)) == read(bytes, piecesOf: 1), "the pieces matter")
    var (buffer, parser) = (ByteBuffer(bytes: bytes), HeadParser())
    do throws(HTTPSyntaxError) {
      guard let head = try parser.response(&buffer) else { return 0 }
      var decoder = BodyDecoder(try head.bodyFraming(answering: .GET))
      while case .data = try decoder.next(&buffer) {}
    } catch { precondition(!error.description.isEmpty) }
    return 0
  })
