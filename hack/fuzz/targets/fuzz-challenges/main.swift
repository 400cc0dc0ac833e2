import FuzzDriver
import Glibc
import Registry

// Whatever a server writes into a header: few challenges, and none without a scheme.
exit(
  fuzz { data, count in
    let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    let challenges = Challenge.all(in: text)
    precondition(challenges.count <= 16, "too many challenges")
    precondition(challenges.allSatisfy { !$0.scheme.isEmpty }, "a challenge without a scheme")
    if let address = WebAddress(text) {
      precondition(WebAddress(address.description) == address, "the address means something else when it is written")
    }
    return 0
  })
