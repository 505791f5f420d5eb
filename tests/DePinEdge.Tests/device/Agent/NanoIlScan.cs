// What compiles against nanoFramework's types and then breaks on a board, found in IL.
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace DePinEdge.Tests.Device.Agent;

/// <summary>One thing that a board would not survive: the rule's name and where.</summary>
internal sealed record NanoFinding(string Rule, string Where);

/// <summary>Reads an assembly and names everything that the nanoFramework 1.x virtual machine compiles and then gets wrong. Types in the namespace
/// System (the gate's surface) are not looked at.
/// The rule for divisions: a divisor is a constant other than 0 and -1 (the operator comes right after the constant, and nothing jumps between
/// them), or the operator stands in a class named SafeMath, which guards. It asks more than safety needs, and a reader can check it by eye.</summary>
internal static class NanoIlScan
{
    public const string Generics = "generics";
    public const string MultiDimensionalArray = "multi-dimensional-array";
    public const string CheckedArithmetic = "checked-arithmetic";
    public const string DefaultInterfaceMethod = "default-interface-method";
    public const string UnguardedDivision = "unguarded-division";
    public const string LargeSwitch = "large-switch";
    public const string StackAllocation = "stack-allocation";
    public const string PinnedVariable = "pinned-variable";
    public const string LargeMethod = "large-method";

    /// <summary>Most cases of one switch.</summary>
    public const int SwitchCasesMax = 255;
    /// <summary>Most bytes of one method's IL: branches have 16-bit offsets on boards.</summary>
    public const int MethodBytesMax = short.MaxValue;

    public static IReadOnlyList<NanoFinding> Scan(Stream assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        var findings = new List<NanoFinding>();
        foreach (var type in module.GetTypes().Where(t => !IsSurface(t)))
        {
            ScanType(type, findings);
            foreach (var method in type.Methods)
                ScanMethod(method, findings);
        }
        return findings;
    }

    private static bool IsSurface(TypeDefinition type)
    {
        while (type.DeclaringType is not null)
            type = type.DeclaringType;
        return type.Namespace == "System" || type.Namespace.StartsWith("System.", StringComparison.Ordinal);
    }

    private static void ScanType(TypeDefinition type, List<NanoFinding> findings)
    {
        if (type.HasGenericParameters)
            findings.Add(new(Generics, type.FullName));
        foreach (var field in type.Fields)
            ScanSignature(field.FieldType, field.FullName, findings);
        if (type.BaseType is not null)
            ScanSignature(type.BaseType, type.FullName, findings);
        foreach (var contract in type.Interfaces)
            ScanSignature(contract.InterfaceType, type.FullName, findings);
    }

    private static void ScanMethod(MethodDefinition method, List<NanoFinding> findings)
    {
        if (method.HasGenericParameters)
            findings.Add(new(Generics, method.FullName));
        if (method.DeclaringType.IsInterface && !method.IsAbstract && !method.IsStatic)
            findings.Add(new(DefaultInterfaceMethod, method.FullName));
        ScanSignature(method.ReturnType, method.FullName, findings);
        foreach (var parameter in method.Parameters)
            ScanSignature(parameter.ParameterType, method.FullName, findings);
        if (!method.HasBody)
            return;
        if (method.Body.CodeSize > MethodBytesMax)
            findings.Add(new(LargeMethod, method.FullName));
        foreach (var variable in method.Body.Variables)
        {
            if (variable.IsPinned)
                findings.Add(new(PinnedVariable, method.FullName));
            ScanSignature(variable.VariableType, method.FullName, findings);
        }
        var targets = Targets(method.Body);
        foreach (var instruction in method.Body.Instructions)
            ScanInstruction(method, instruction, targets, findings);
    }

    private static void ScanInstruction(MethodDefinition method, Instruction instruction, HashSet<Instruction> targets, List<NanoFinding> findings)
    {
        var where = $"{method.FullName} at IL {instruction.Offset:x4}";
        switch (instruction.OpCode.Code)
        {
            case Code.Div or Code.Div_Un or Code.Rem or Code.Rem_Un:
                if (method.DeclaringType.Name != "SafeMath" && !DividesByConstant(instruction, targets))
                    findings.Add(new(UnguardedDivision, where));
                break;
            case Code.Switch when ((Instruction[])instruction.Operand).Length > SwitchCasesMax:
                findings.Add(new(LargeSwitch, where));
                break;
            case Code.Localloc:
                findings.Add(new(StackAllocation, where));
                break;
        }
        if (instruction.OpCode.Name.Contains(".ovf", StringComparison.Ordinal))
            findings.Add(new(CheckedArithmetic, where));
        switch (instruction.Operand)
        {
            case MethodReference called:
                if (called is GenericInstanceMethod)
                    findings.Add(new(Generics, where));
                ScanSignature(called.DeclaringType, where, findings);
                break;
            case FieldReference field:
                ScanSignature(field.DeclaringType, where, findings);
                break;
            case TypeReference type:
                ScanSignature(type, where, findings);
                break;
        }
    }

    private static void ScanSignature(TypeReference type, string where, List<NanoFinding> findings)
    {
        for (var inner = type; inner is TypeSpecification outer; inner = outer.ElementType)
        {
            if (inner is ArrayType { IsVector: false })
                findings.Add(new(MultiDimensionalArray, where));
            if (inner is GenericInstanceType)
                findings.Add(new(Generics, where));
        }
    }

    // The constant may be widened once: x / 10 with a long x loads an int and converts it.
    private static bool DividesByConstant(Instruction division, HashSet<Instruction> targets)
    {
        if (targets.Contains(division) || division.Previous is not { } before)
            return false;
        if (before.OpCode.Code is Code.Conv_I8 or Code.Conv_U8)
        {
            if (targets.Contains(before) || before.Previous is not { } constant)
                return false;
            before = constant;
        }
        return before.OpCode.Code switch
        {
            >= Code.Ldc_I4_1 and <= Code.Ldc_I4_8 => true,
            Code.Ldc_I4_S => (sbyte)before.Operand is not 0 and not -1,
            Code.Ldc_I4 => (int)before.Operand is not 0 and not -1,
            Code.Ldc_I8 => (long)before.Operand is not 0 and not -1,
            Code.Ldc_R4 => (float)before.Operand is not 0,
            Code.Ldc_R8 => (double)before.Operand is not 0,
            _ => false,
        };
    }

    private static HashSet<Instruction> Targets(MethodBody body)
    {
        var targets = new HashSet<Instruction>();
        foreach (var instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction one)
                targets.Add(one);
            else if (instruction.Operand is Instruction[] many)
                targets.UnionWith(many);
        }
        foreach (var handler in body.ExceptionHandlers)
        {
            targets.Add(handler.HandlerStart);
            if (handler.FilterStart is not null)
                targets.Add(handler.FilterStart);
        }
        return targets;
    }
}
