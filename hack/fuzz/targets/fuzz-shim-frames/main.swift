import FuzzDriver
import Glibc
import JSON
import ShimProtocol

/// The frames and the error in `bytes`, fed in pieces of `size`.
func decode(_ bytes: [UInt8], piecesOf size: Int) -> ([Frame], FrameError?) {
  var decoder = FrameDecoder()
  var frames: [Frame] = []
  for start in stride(from: 0, to: bytes.count, by: size) {
    decoder.append(bytes[start..<min(start + size, bytes.count)])
    do throws(FrameError) { while let frame = try decoder.next() { frames.append(frame) } } catch {
      return (frames, error)
    }
  }
  return (frames, nil)
}

// However a stream is cut, the same frames come out; a message that reads must read the same after it was written.
exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    let whole = decode(bytes, piecesOf: max(bytes.count, 1))
    precondition(whole == decode(bytes, piecesOf: 1), "the pieces matter")
    for frame in whole.0 where frame.kind == .request {
      guard let request = try? ShimRequest(jsonText: frame.payload) else { continue }
      precondition(
        (try? ShimRequest(jsonText: JSONWriter.bytes(request))) == request, "the written form reads differently")
    }
    return 0
  })
