import NIOCore
import Testing

@testable import HTTPWire

@Suite struct BodyAllowanceTests {
  @Test func waitingUsesItUp() {
    var allowance = BodyAllowance(time: .seconds(10))
    allowance.spend(.seconds(4), bytes: 1)
    #expect(allowance.left == .seconds(6))
    allowance.spend(.seconds(8), bytes: 1)
    #expect(allowance.left == .zero)
  }

  @Test func whatArrivesGivesMore() {
    var allowance = BodyAllowance(time: .seconds(10))
    allowance.spend(.seconds(4), bytes: BodyAllowance.step - 1)
    #expect(allowance.left == .seconds(6))
    allowance.spend(.seconds(1), bytes: 1)
    #expect(allowance.left == .seconds(10))
  }

  @Test func withoutATimeItLastsForEver() {
    var allowance = BodyAllowance(time: nil)
    allowance.spend(.hours(1000), bytes: 0)
    #expect(allowance.left == nil)
  }
}
