import Containers
import FuzzDriver
import Glibc

/// A log's file.
struct File: LogFileContent {
  let bytes: [UInt8]

  func bytes(_ range: Range<Int64>) -> [UInt8] { Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]) }

  func each(piecesOf size: Int, from offset: Int = 0, _ body: (UnsafeRawBufferPointer) -> Void) {
    for start in stride(from: offset, to: bytes.count, by: size) {
      bytes[start..<min(start + size, bytes.count)].withUnsafeBytes(body)
    }
  }

  func records(_ decoder: any LogDecoder, piecesOf size: Int, from offset: Int = 0) -> Records {
    var (decoder, batch) = (decoder, LogBatch())
    each(piecesOf: size, from: offset) { decoder.decode($0, into: &batch) }
    return Records(batch)
  }

  func count(_ decoder: any LogDecoder, piecesOf size: Int) -> Int {
    var (decoder, count) = (decoder, 0)
    each(piecesOf: size) { count += decoder.count($0) }
    return count
  }
}

struct Records: Equatable {
  let bytes: [UInt8]
  let entries: [LogEntry]

  init(_ batch: LogBatch) {
    (bytes, entries) = (batch.bytes, batch.entries)
    var end = 0
    for entry in entries {
      precondition(entry.text.lowerBound == end, "an entry does not begin where the one before ends")
      end = entry.text.upperBound
    }
    precondition(end == bytes.count, "there are bytes of no entry")
  }

  func hasTail(_ tail: Records) -> Bool {
    tail.bytes == bytes.suffix(tail.bytes.count)
      && zip(tail.entries, entries.suffix(tail.entries.count)).allSatisfy {
        $0.time == $1.time && $0.stream == $1.stream && $0.attributes == $1.attributes
      }
  }
}

/// However a file is cut, it holds the same records.
func check(_ file: File, _ decoder: any LogDecoder) {
  let (whole, piece) = (max(file.bytes.count, 1), file.bytes.count < 1000 ? 1 : 97)
  let records = file.records(decoder, piecesOf: whole)
  precondition(records == file.records(decoder, piecesOf: piece), "the pieces matter")
  let count = file.count(decoder, piecesOf: whole)
  precondition(count == file.count(decoder, piecesOf: piece), "the pieces matter when they are counted")
  precondition(records.entries.count <= count, "there are more entries than records")
  for wanted in [0, 1, 3] { check(file, decoder, records, last: wanted) }
}

/// The last records are none but those.
func check(_ file: File, _ decoder: any LogDecoder, _ all: Records, last wanted: Int) {
  guard let position = try? decoder.position(ofLast: wanted, file, Int64(file.bytes.count)) else {
    preconditionFailure("the file has all of its bytes")
  }
  precondition(position.found <= wanted, "more were found than wanted")
  var decoder = decoder
  decoder.skip(position.skipped)
  let tail = file.records(decoder, piecesOf: max(file.bytes.count, 1), from: Int(position.offset))
  precondition(tail.entries.count <= position.found, "there are more than were found")
  precondition(decoder is LocalDecoder || all.hasTail(tail), "the last records are others than those of the whole file")
}

// Whatever a log's files hold: records within their bounds, the same ones however they are read.
exit(
  fuzz { data, count in
    let file = File(bytes: Array(UnsafeBufferPointer(start: data, count: count)))
    check(file, JSONFileDecoder())
    check(file, LocalDecoder())
    return 0
  })
