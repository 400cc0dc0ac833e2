import FuzzDriver
import Glibc
import LinuxKernel
import ShimCore

let table = NameTable("front\n10.9.0.2 web www 0123456789ab\n10.9.0.3 www\n")

// Whatever a container sends: no answer, an error, or one that fits and tells the question again; to an answer, none.
exit(
  fuzz { data, count in
    let message = Array(UnsafeBufferPointer(start: data, count: count))
    guard let query = NameQuery(message) else {
      if let error = NameAnswer.malformed(message) { precondition(error.count == 12 && error[2] & 0x80 != 0) }
      return 0
    }
    precondition(message[12...].starts(with: query.question), "not the question that was asked")
    guard case .answer(let answer) = NameLookup(query, in: [table], turn: count) else { return 0 }
    let bytes = answer.bytes(for: query, isDatagram: true)
    precondition(bytes.count <= Int(query.datagramSize ?? 512) && bytes[..<2] == message[..<2])
    precondition(bytes[12...].starts(with: query.question), "the answer is to another question")
    precondition(NameAnswer.malformed(bytes) == nil, "an answer is answered")
    return 0
  })
