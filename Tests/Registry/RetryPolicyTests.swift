import Testing

@testable import Registry

struct RetryPolicyTests {
  private let policy = RetryPolicy()

  @Test func pausesDouble() {
    let pauses = (1...5).map { policy.pause(after: $0, wish: nil) }
    #expect(pauses == [.milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), nil])
  }

  @Test func aWishIsGrantedWithinReason() {
    #expect(policy.pause(after: 1, wish: .seconds(3)) == .seconds(3))
    #expect(policy.pause(after: 4, wish: .milliseconds(1)) == .seconds(2))
    #expect(policy.pause(after: 1, wish: .seconds(61)) == nil)
  }
}
