using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace Latchkey.Tests.Harness;

/// <summary>A type of the program and the room it is in: the first folder below the source's root; null at the root.</summary>
public sealed record ProgramType(string FullName, string? Room)
{
    private const string Root = "Latchkey.";

    public static ProgramType Of(TypeReference type)
    {
        var outermost = type;
        while (outermost.DeclaringType is { } declaring)
        {
            outermost = declaring;
        }

        var isInRoom = outermost.Namespace.StartsWith(Root, StringComparison.Ordinal);
        return new(outermost.FullName, isInRoom ? outermost.Namespace[Root.Length..].Split('.')[0] : null);
    }

    public override string ToString() => FullName;
}

/// <summary>The compiled program, read without being loaded.</summary>
public sealed class CompiledProgram : IDisposable
{
    private readonly AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(typeof(Program).Assembly.Location);

    public static CompiledProgram Open() => new();

    /// <summary>Every type, nested ones too.</summary>
    public IEnumerable<TypeDefinition> Types => assembly.MainModule.GetAllTypes();

    /// <summary>Whether a source generator or the compiler wrote the type.</summary>
    public static bool IsGenerated(TypeDefinition type) =>
        type.Name.Contains('<', StringComparison.Ordinal) || !type.Namespace.StartsWith("Latchkey", StringComparison.Ordinal);

    /// <summary>A record's parameters are its data, and not what it needs.</summary>
    public static bool IsRecord(TypeDefinition type) => type.Methods.Any(method => method.Name == "<Clone>$");

    /// <summary>Which type of the program refers to which, in a declaration, an attribute or the body of a method.</summary>
    public IEnumerable<(ProgramType From, ProgramType To)> References() =>
        Types
            .SelectMany(type => Named(type).SelectMany(Parts).Where(IsOurs).Select(to => (ProgramType.Of(type), ProgramType.Of(to))))
            .Distinct();

    public void Dispose() => assembly.Dispose();

    private bool IsOurs(TypeReference type) => type.Scope == assembly.MainModule;

    private static IEnumerable<TypeReference?> Named(TypeDefinition type) =>
        [
            type.BaseType,
            .. type.Interfaces.Select(implemented => implemented.InterfaceType),
            .. type.GenericParameters.SelectMany(parameter => parameter.Constraints.Select(constraint => constraint.ConstraintType)),
            .. Named(type.CustomAttributes),
            .. type.Fields.SelectMany(field => Named(field.CustomAttributes).Prepend(field.FieldType)),
            .. type.Properties.SelectMany(property => Named(property.CustomAttributes).Prepend(property.PropertyType)),
            .. type.Methods.SelectMany(Named),
        ];

    private static IEnumerable<TypeReference?> Named(MethodDefinition method) =>
        [
            method.ReturnType,
            .. Named(method.CustomAttributes),
            .. method.Parameters.SelectMany(parameter => Named(parameter.CustomAttributes).Prepend(parameter.ParameterType)),
            .. method.GenericParameters.SelectMany(parameter => parameter.Constraints.Select(constraint => constraint.ConstraintType)),
            .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
            .. method.HasBody ? method.Body.Instructions.SelectMany(instruction => Named(instruction.Operand)) : [],
        ];

    private static IEnumerable<TypeReference?> Named(IEnumerable<CustomAttribute> attributes) =>
        attributes.SelectMany(attribute =>
            attribute.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>().Prepend(attribute.AttributeType)
        );

    private static IEnumerable<TypeReference?> Named(object? operand) =>
        operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            GenericInstanceMethod method =>
            [
                method.DeclaringType,
                method.ReturnType,
                .. method.GenericArguments,
                .. method.Parameters.Select(parameter => parameter.ParameterType),
            ],
            MethodReference method =>
            [
                method.DeclaringType,
                method.ReturnType,
                .. method.Parameters.Select(parameter => parameter.ParameterType),
            ],
            _ => [],
        };

    /// <summary>A type with what it is made of: the element of an array, the arguments of a generic type.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) =>
        type switch
        {
            null or GenericParameter => [],
            GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
            TypeSpecification specification => Parts(specification.ElementType),
            _ => [type],
        };
}
