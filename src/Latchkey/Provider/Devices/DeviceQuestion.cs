using Latchkey.Provider.Clients;

namespace Latchkey.Provider.Devices;

/// <summary>What a user who typed the code of a device is asked.</summary>
/// <param name="Request">What the device asks for, and where it is.</param>
/// <param name="Client">The client on the device.</param>
/// <param name="Network">Where the device is, compared with the user.</param>
/// <param name="Ticket">What the decision comes back with: sealed, and of this session only.</param>
public sealed record DeviceQuestion(DeviceRequest Request, Client Client, DeviceNetwork Network, string Ticket);
