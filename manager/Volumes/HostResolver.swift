internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Finds the addresses of hosts by their names, as other programs of this machine do.
public struct HostResolver: Sendable {
  /// Why there is no address.
  struct Failure: Error, Equatable {
    var reason: String
  }

  private let lookUp: @Sendable (_ host: String) throws -> String
  /// In nanoseconds.
  private let patience: Int64

  public init() { self.init(patience: 15_000_000_000, lookUp: Self.lookUp) }

  /// - Parameters:
  ///   - patience: nanoseconds until a look-up is given up.
  ///   - lookUp: finds an address of a host. Blocks.
  init(patience: Int64, lookUp: @escaping @Sendable (_ host: String) throws -> String) {
    self.patience = patience
    self.lookUp = lookUp
  }

  /// An address of the host as text, IPv4 if it has one.
  /// - Throws: ``Failure``.
  func address(of host: String) async throws -> String {
    // No name is longer (RFC 1035 §2.3.4).
    guard host.utf8.count <= 255 else { throw Failure(reason: "no such host") }
    let answer = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: String.self)
    let expiry = answer.futureResult.eventLoop.scheduleTask(in: .nanoseconds(patience)) {
      answer.fail(Failure(reason: "i/o timeout"))
    }
    defer { expiry.cancel() }
    // A look-up cannot be ended: one that was given up keeps its thread until the C library gives up, too. What it says then
    // nobody hears.
    NIOThreadPool.singleton.submit { [lookUp] _ in answer.completeWith(Result { try lookUp(host) }) }
    return try await answer.futureResult.get()
  }

  private static func lookUp(_ host: String) throws -> String {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, nil, &hints, &list)
    guard status == 0 else {
      throw Failure(reason: status == EAI_NONAME ? "no such host" : String(cString: gai_strerror(status)))
    }
    defer { freeaddrinfo(list) }
    let all = sequence(state: list) { next -> UnsafeMutablePointer<addrinfo>? in
      defer { next = next?.pointee.ai_next }
      return next
    }
    let found = Array(all)
    guard let best = found.first(where: { $0.pointee.ai_family == AF_INET }) ?? found.first else {
      throw Failure(reason: "no such host")
    }
    return try text(of: best.pointee)
  }

  private static func text(of address: addrinfo) throws -> String {
    var text = [CChar](repeating: 0, count: 1025)  // NI_MAXHOST
    let status = getnameinfo(
      address.ai_addr, address.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
    guard status == 0 else { throw Failure(reason: String(cString: gai_strerror(status))) }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
