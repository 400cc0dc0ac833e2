import Testing

@testable import EngineServer

@Suite struct DateHeaderTests {
  @Test(arguments: [
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
  ])
  func isAsRFC9110WritesIt(_ second: Int, _ text: String) {
    let header = DateHeader()
    #expect(header.value(at: second) == text)
    #expect(header.value(at: second + 1) != text)
  }
}
