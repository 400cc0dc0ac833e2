import JSON
import OCIImageSpec
import Testing

@testable import Containers

@Suite struct ImageMergeTests {
  /// Docker's rules for which of image and request says what is run.
  @Test(
    arguments: [
      // request entrypoint, request command, arguments
      (nil, nil, ["/entry", "default"]),
      (nil, ["x"], ["/entry", "x"]),
      ([], nil, ["/entry", "default"]),
      (["/mine"], nil, ["/mine"]),
      (["/mine"], ["x"], ["/mine", "x"]),
      ([""], ["x"], ["x"]),
    ] as [([String]?, [String]?, [String])])
  func command(entrypoint: [String]?, command: [String]?, arguments: [String]) throws {
    var image = ContainerDefaults()
    image.entrypoint = ["/entry"]
    image.cmd = ["default"]
    var request = ContainerConfiguration()
    request.entrypoint = entrypoint
    request.command = command
    let expected = entrypoint == [] ? ["default"] : arguments
    #expect(try request.merged(with: image).arguments == expected)
  }

  @Test func refusesAnEmptyCommand() {
    #expect(throws: ContainerError.invalid("no command specified")) {
      try ContainerConfiguration().merged(with: ContainerDefaults())
    }
  }

  @Test func requestWinsOverImage() throws {
    var image = ContainerDefaults()
    image.env = ["A=image", "B=image"]
    image.labels = ["l": "image", "k": "image"]
    image.user = "nobody"
    image.workingDir = "/image"
    image.stopSignal = "SIGINT"
    image.exposedPorts = ["80/tcp": JSONObject()]
    var request = ContainerConfiguration()
    request.command = ["x"]
    request.environment = ["B=own", "C"]
    request.labels = ["l": "own"]
    request.workingDirectory = "/own"
    request.exposedPorts = ["443/tcp"]
    let merged = try request.merged(with: image)
    #expect(merged.environment == ["B=own", "C", "A=image"])
    #expect(merged.labels == ["l": "own", "k": "image"])
    #expect(merged.user == "nobody")
    #expect(merged.workingDirectory == "/own")
    #expect(merged.stopSignal == "SIGINT")
    #expect(merged.exposedPorts == ["443/tcp", "80/tcp"])
  }

  @Test func environmentDefaults() {
    let environment = Environment.container(["PATH=/x", "HOSTNAME"], hostname: "h", terminal: true)
    #expect(environment == ["PATH=/x", "TERM=xterm"])
  }
}
