namespace Latchkey.Core;

/// <summary>A request type reads itself from the parameters, naming each with the kind it must have.</summary>
public interface IRequest<TSelf>
    where TSelf : IRequest<TSelf>
{
    static abstract TSelf Read(FieldReader fields);
}
