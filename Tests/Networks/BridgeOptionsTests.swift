import LinuxKernel
import Testing

@testable import Networks

struct BridgeOptionsTests {
  private let docker = "com.docker.network."

  @Test func `options are what they say`() throws {
    let options = try BridgeOptions([
      "\(docker)bridge.name": "br9", "\(docker)bridge.enable_ip_masquerade": "false", "\(docker)bridge.enable_icc": "0",
      "\(docker)driver.mtu": "1400", "\(docker)bridge.host_binding_ipv4": "127.0.0.1",
      "\(docker)bridge.gateway_mode_ipv4": "routed", "\(docker)bridge.gateway_mode_ipv6": "nat-unprotected",
      "\(docker)bridge.inhibit_ipv4": "true", "\(docker)container_iface_prefix": "net",
      "\(docker)bridge.default_bridge": "false", "of.somebody": "else",
    ])
    #expect(options.bridge == "br9")
    #expect((options.masquerades, options.connectsContainers) == (false, false))
    #expect((options.mtu, options.hostBinding.description) == (1400, "127.0.0.1"))
    #expect(options.interfacePrefix == "net" && options.inhibitsIPv4)
    #expect((options.ipv4Mode, options.ipv6Mode) == (.routed, .unprotected))
    #expect(throws: Never.self) { try options.check(isInternal: false) }
    let isolated = try BridgeOptions(["\(docker)bridge.gateway_mode_ipv4": "isolated"])
    #expect(throws: Never.self) { try isolated.check(isInternal: true) }
    #expect(throws: NetworkError.invalid("gateway mode 'isolated' can only be used for an internal network")) {
      try isolated.check(isInternal: false)
    }
  }

  @Test(arguments: [
    (
      "bridge.enable_icc", "maybe",
      "failed to parse com.docker.network.bridge.enable_icc value: maybe (strconv.ParseBool: parsing \"maybe\": invalid syntax)"
    ),
    (
      "driver.mtu", "abc",
      "failed to parse com.docker.network.driver.mtu value: abc (strconv.Atoi: parsing \"abc\": invalid syntax)"
    ),
    ("driver.mtu", "67", "failed to parse com.docker.network.driver.mtu value: 67 (expected 68 to 65535)"),
    ("driver.mtu", "-1", "failed to parse com.docker.network.driver.mtu value: -1 (expected 68 to 65535)"),
    ("bridge.host_binding_ipv4", "x", "failed to parse com.docker.network.bridge.host_binding_ipv4 value: x (nil ip)"),
    ("bridge.name", "a b", "invalid bridge name \"a b\": expected 1 to 15 letters, digits, - or _"),
    (
      "bridge.gateway_mode_ipv4", "x",
      "failed to parse com.docker.network.bridge.gateway_mode_ipv4 value: x (unknown gateway mode x)"
    ),
    (
      "bridge.trusted_host_interfaces", "eth0",
      "the option com.docker.network.bridge.trusted_host_interfaces is not supported yet"
    ),
    (
      "bridge.default_bridge", "1",
      "another default bridge (com.docker.network.bridge.default_bridge) is not supported yet"
    ),
  ])
  func `what cannot be is refused`(name: String, value: String, message: String) {
    #expect { try BridgeOptions([docker + name: value]) } throws: { "\($0)" == message }
  }

  @Test(arguments: ["", "eth0", "a\"b", "longer-than-it"])
  func `an interface's prefix leaves room for its number`(prefix: String) {
    #expect(throws: NetworkError.self) { try BridgeOptions(["\(docker)container_iface_prefix": prefix]) }
  }
}
