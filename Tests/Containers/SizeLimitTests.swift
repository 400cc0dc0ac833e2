import Testing

@testable import Containers

@Suite struct SizeLimitTests {
  @Test(arguments: [
    ("10G", 10 << 30), ("10gib", 10 << 30), ("1.5m", 3 << 19), ("4096", 4096), ("0", nil),
  ])
  func sizesAreReadAsDockerReadsThem(_ text: String, _ bytes: UInt64?) throws {
    var host = HostConfiguration()
    host.storageOptions = ["SIZE": text]
    #expect(try host.sizeLimit() == bytes)
  }

  @Test(arguments: [
    (["size": "-1"], "invalid size: '-1'"), (["size": "5x"], "invalid suffix: 'x'"), (["size": ""], "invalid size: ''"),
  ])
  func othersAreRefused(_ options: [String: String], _ message: String) {
    var host = HostConfiguration()
    host.storageOptions = options
    #expect(throws: ContainerError.invalid(message)) { try host.sizeLimit() }
  }

  @Test func optionsThatThereAreNotAreNamed() {
    var host = HostConfiguration()
    host.storageOptions = ["size": "1G", "fly": "1"]
    #expect(throws: ContainerError.failed("Unknown option fly")) { try host.sizeLimit() }
  }
}
