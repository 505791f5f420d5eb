// `depin`: the gateway's shell and every command that talks to it. The commands themselves are in Commands/.
using DePinEdge.Gateway.Host.Commands;

return await RootCommands.RunAsync(args);
