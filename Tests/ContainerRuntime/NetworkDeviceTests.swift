import OCIRuntimeSpec
import Testing

@testable import ContainerRuntime

/// `linux.netDevices`, before any interface is moved.
@Suite struct NetworkDeviceTests {
  private func devices(
    _ host: String, _ name: String?, _ kinds: [LinuxNamespaceType] = [.mount, .network]
  ) throws -> NetworkDevices {
    var linux = Linux()
    linux.namespaces = kinds.map { LinuxNamespace($0) }
    var device = LinuxNetDevice()
    device.name = name
    return try NetworkDevices([host: device], in: try NamespacePlan(linux))
  }

  @Test(arguments: [("eth0", nil, "eth0"), ("eth0", "", "eth0"), ("eth0", "in-side.1", "in-side.1")])
  func namesInTheContainer(host: String, name: String?, expected: String) throws {
    #expect(try devices(host, name).devices.map(\.name) == [expected])
  }

  @Test(arguments: [
    ("a/b", nil), ("", nil), ("..", nil), ("eth%d", nil), ("0123456789abcdef", nil), ("eth0", "a b"), ("eth0", "a:b"),
    ("eth0", "%s"), ("eth0", "%d%d"), ("eth0", "a\u{0}"),
  ]) func otherNamesAreRefused(host: String, name: String?) {
    #expect { try devices(host, name) } throws: { "\($0)".contains("invalid network device name") }
  }

  @Test func theyNeedANamespace() {
    #expect { try devices("eth0", nil, [.mount]) } throws: { "\($0)".contains("without a NET namespace") }
  }

  @Test func templates() {
    #expect(NetworkDevices.name(from: "net%d", notAmong: ["net0", "net1", "net3"]) == "net2")
    #expect(NetworkDevices.name(from: "a%dz", notAmong: []) == "a0z")
    #expect(NetworkDevices.name(from: "eth0", notAmong: ["eth0"]) == "eth0")
  }
}
