// The part of nanoFramework's CoreLibrary 1.17 that the agent may use: signatures only, so every body is "throw null". One file for many
// types, because it is a list and not code. A member that does not exist on boards must not be added here.
using System.Collections;

namespace System;

public class Object
{
    public Object() { }
    public virtual string ToString() => throw null;
    public virtual bool Equals(object obj) => throw null;
    public static bool Equals(object objA, object objB) => throw null;
    public static bool ReferenceEquals(object objA, object objB) => throw null;
    public virtual int GetHashCode() => throw null;
    public Type GetType() => throw null;
    protected object MemberwiseClone() => throw null;
}

public abstract class ValueType
{
    public override bool Equals(object obj) => throw null;
}

public abstract class Enum : ValueType
{
    public override string ToString() => throw null;
}

public abstract class Type
{
    public static Type GetTypeFromHandle(RuntimeTypeHandle handle) => throw null;
}

public struct RuntimeTypeHandle
{
}

public struct RuntimeFieldHandle
{
}

public abstract class Delegate
{
    public static Delegate Combine(Delegate a, Delegate b) => throw null;
    public static Delegate Remove(Delegate source, Delegate value) => throw null;
}

public abstract class MulticastDelegate : Delegate
{
}

public interface IDisposable
{
    void Dispose();
}

public interface ICloneable
{
    object Clone();
}

public interface IComparable
{
    int CompareTo(object obj);
}

public static class GC
{
    public static void SuppressFinalize(object obj) => throw null;
}

public abstract class Array : ICloneable, IList
{
    public static void Copy(Array sourceArray, Array destinationArray, int length) => throw null;
    public static void Copy(Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length) => throw null;
    public static void Clear(Array array, int index, int length) => throw null;
    public int Length => throw null;
    public object SyncRoot => throw null;
    public bool IsReadOnly => throw null;
    public bool IsFixedSize => throw null;
    public bool IsSynchronized => throw null;
    public object Clone() => throw null;
    public void CopyTo(Array array, int index) => throw null;
    public IEnumerator GetEnumerator() => throw null;
    object IList.this[int index] { get => throw null; set => throw null; }
    int ICollection.Count => throw null;
    int IList.Add(object value) => throw null;
    bool IList.Contains(object value) => throw null;
    void IList.Clear() => throw null;
    int IList.IndexOf(object value) => throw null;
    void IList.Insert(int index, object value) => throw null;
    void IList.Remove(object value) => throw null;
    void IList.RemoveAt(int index) => throw null;
}

public sealed class String : IComparable, IEnumerable
{
    public static readonly string Empty = "";
    public String(char[] value, int startIndex, int length) { }
    public String(char[] value) { }
    public String(char c, int count) { }
    public int Length => throw null;
    public char this[int index] => throw null;
    public IEnumerator GetEnumerator() => throw null;
    public override bool Equals(object obj) => throw null;
    public static bool Equals(string a, string b) => throw null;
    public static bool operator ==(string a, string b) => throw null;
    public static bool operator !=(string a, string b) => throw null;
    public override int GetHashCode() => throw null;
    public char[] ToCharArray() => throw null;
    public char[] ToCharArray(int startIndex, int length) => throw null;
    public string[] Split(params char[] separator) => throw null;
    public string Substring(int startIndex) => throw null;
    public string Substring(int startIndex, int length) => throw null;
    public string Trim() => throw null;
    public string Trim(params char[] trimChars) => throw null;
    public static int Compare(string strA, string strB) => throw null;
    public int CompareTo(object value) => throw null;
    public int CompareTo(string strB) => throw null;
    public int IndexOf(char value) => throw null;
    public int IndexOf(char value, int startIndex) => throw null;
    public int IndexOf(string value) => throw null;
    public int LastIndexOf(char value) => throw null;
    public string ToLower() => throw null;
    public string ToUpper() => throw null;
    public override string ToString() => throw null;
    public bool Contains(string value) => throw null;
    public bool StartsWith(string value) => throw null;
    public bool EndsWith(string value) => throw null;
    public static bool IsNullOrEmpty(string value) => throw null;
    public static string Concat(object arg0) => throw null;
    public static string Concat(object arg0, object arg1) => throw null;
    public static string Concat(object arg0, object arg1, object arg2) => throw null;
    public static string Concat(params object[] args) => throw null;
    public static string Concat(string str0, string str1) => throw null;
    public static string Concat(string str0, string str1, string str2) => throw null;
    public static string Concat(string str0, string str1, string str2, string str3) => throw null;
    public static string Concat(params string[] values) => throw null;
    public static string Format(string format, params object[] args) => throw null;
}

public static class BitConverter
{
    public static bool IsLittleEndian => throw null;
    public static long DoubleToInt64Bits(double value) => throw null;
    public static double Int64BitsToDouble(long value) => throw null;
    public static byte[] GetBytes(float value) => throw null;
    public static float ToSingle(byte[] value, int startIndex) => throw null;
}
