internal import ContainerRuntime
internal import Glibc
internal import LinuxKernel

let arguments = CurrentProcess.arguments
if let program = ReapingInit.program(arguments) { exit(ReapingInit.run(program)) }
exit(CommandLineTool.run(Array(arguments.dropFirst())))
