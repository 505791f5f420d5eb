// nanoFramework CoreLibrary 1.17: exceptions. Note what is absent: OverflowException and DivideByZeroException. Signatures only.
namespace System;

public class Exception
{
    public Exception() { }
    public Exception(string message) { }
    public Exception(string message, Exception innerException) { }
    public virtual string Message => throw null;
    public Exception InnerException => throw null;
    public override string ToString() => throw null;
}

public class SystemException : Exception
{
    public SystemException() { }
    public SystemException(string message) { }
    public SystemException(string message, Exception innerException) { }
}

public class ArgumentException : SystemException
{
    public ArgumentException() { }
    public ArgumentException(string message) { }
    public ArgumentException(string message, Exception innerException) { }
}

public class InvalidOperationException : SystemException
{
    public InvalidOperationException() { }
    public InvalidOperationException(string message) { }
    public InvalidOperationException(string message, Exception innerException) { }
}

public class NotSupportedException : SystemException
{
    public NotSupportedException() { }
    public NotSupportedException(string message) { }
    public NotSupportedException(string message, Exception innerException) { }
}

public class IndexOutOfRangeException : SystemException
{
    public IndexOutOfRangeException() { }
    public IndexOutOfRangeException(string message) { }
    public IndexOutOfRangeException(string message, Exception innerException) { }
}

public class OutOfMemoryException : SystemException
{
    public OutOfMemoryException() { }
    public OutOfMemoryException(string message) { }
    public OutOfMemoryException(string message, Exception innerException) { }
}
