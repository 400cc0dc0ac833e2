import LinuxKernel
import Testing

@Suite struct ByteSizeTests {
  @Test(
    arguments: [
      ("0", 0), ("1024", 1024), ("64m", 64 << 20), ("1.5g", 3 << 29), ("2KiB", 2048), ("2 kb", 2048), ("3T", 3 << 40),
      ("7b", 7), (".5k", 512), ("5.m", 5 << 20), ("0.3333333333k", 341), ("1p", 1 << 50),
      ("9223372036854775807", .max),
    ] as [(String, Int64)])
  func unitsArePowersOf1024(_ text: String, _ bytes: Int64) throws {
    #expect(try ByteSize.binary(text) == bytes)
  }

  @Test(arguments: [("1k", 1000), ("1.5MB", 1_500_000), ("2GiB", 2_000_000_000), ("7", 7)] as [(String, Int64)])
  func orOf1000(_ text: String, _ bytes: Int64) throws {
    #expect(try ByteSize.decimal(text) == bytes)
  }

  @Test(arguments: ["", "m", "-1", "1..2", "1.2.3", ".", "9999999p", "9223372036854775808", "99999999999999999999"])
  func whatIsNoNumberIsRefused(_ text: String) {
    #expect(throws: ByteSizeError.number(text)) { try ByteSize.binary(text) }
  }

  @Test(arguments: [("1x", "x"), ("1  k", " k"), ("1e3", "e3"), ("1i", "i"), ("1kibi", "kibi"), ("1KK", "kk")])
  func whatIsNoUnitIsRefused(_ text: String, _ unit: String) {
    #expect(throws: ByteSizeError.suffix(unit)) { try ByteSize.binary(text) }
  }
}
