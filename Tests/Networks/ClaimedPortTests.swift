import LinuxKernel
import Testing

@testable import Networks

/// Ports that no socket holds.
struct ClaimedPortTests {
  private func place(_ address: String, _ port: UInt16) throws -> InternetEndpoint {
    InternetEndpoint(try #require(IPAddress(address)), port)
  }

  @Test(arguments: [
    ("127.0.0.1", "127.0.0.1", false), ("0.0.0.0", "127.0.0.1", false), ("127.0.0.1", "0.0.0.0", false),
    ("127.0.0.1", "127.0.0.2", true), ("0.0.0.0", "::", true), ("::", "::1", false),
  ])
  func `a port is kept from whoever would take it too`(first: String, second: String, isFree: Bool) throws {
    let claims = ClaimedPorts()
    let held = try claims.claim(try place(first, 80))
    if isFree {
      #expect(throws: Never.self) { _ = try claims.claim(try place(second, 80)) }
    } else {
      #expect(throws: SyscallError.self) { _ = try claims.claim(try place(second, 80)) }
    }
    #expect(throws: Never.self) { _ = try claims.claim(try place(second, 81)) }
    withExtendedLifetime(held) {}
  }

  @Test func `a port is free again when nobody holds it any more`() throws {
    let claims = ClaimedPorts()
    for _ in 0..<3 { _ = try claims.claim(try place("0.0.0.0", 80)) }
  }
}
