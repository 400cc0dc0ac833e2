/// The path and query of a request.
struct RequestTarget: Equatable, ExpressibleByStringInterpolation {
  private var path: String
  private var query: [(name: String, value: String)] = []

  init(stringLiteral value: String) { path = value }

  init(stringInterpolation: StringInterpolation) { path = stringInterpolation.text }

  /// What is interpolated is escaped.
  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ literal: String) { text += literal }

    mutating func appendInterpolation(_ part: String) { text += RequestTarget.escape(part) }
  }

  /// The same with a parameter more; without one if there is no value.
  func with(_ name: String, _ value: String?) -> RequestTarget {
    var target = self
    if let value { target.query.append((name, value)) }
    return target
  }

  /// The same with a parameter `1` if it holds.
  func with(_ name: String, _ holds: Bool) -> RequestTarget { with(name, holds ? "1" : nil) }

  var text: String {
    guard !query.isEmpty else { return path }
    return path + "?" + query.map { "\($0.name)=\(Self.escape($0.value))" }.joined(separator: "&")
  }

  static func == (left: RequestTarget, right: RequestTarget) -> Bool { left.text == right.text }

  private static func escape(_ text: String) -> String {
    let hexadecimal = Array("0123456789ABCDEF".utf8)
    var escaped: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57: escaped.append(byte)
      case _ where "-._~/:@".utf8.contains(byte): escaped.append(byte)
      default: escaped += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }
}
