using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

[assembly: DisableRuntimeMarshalling]

namespace Everyport.Steering.Kernel;

/// <summary>
/// The functions of libbpf 1.x that are used here. All return a negative errno, or NULL, and set errno; see
/// https://libbpf.readthedocs.io/en/latest/api.html
/// </summary>
internal static unsafe partial class Libbpf
{
    private const string Library = "libbpf.so.1";

    public const uint MapTypeArray = 2, MapTypePercpuArray = 6, MapTypeSockmap = 15, MapFlagMmapable = 1 << 10;
    public const uint AttachTypeSkLookup = 36;
    public const uint OpenToWrite = 0, OpenToRead = 1 << 3; // BPF_F_RDONLY
    public const ulong Any = 0, NoExist = 1, Exist = 2;

    /// <summary>The beginning of <c>struct bpf_object_open_opts</c>; <c>Size</c> tells libbpf how much of it there is.</summary>
    public struct OpenOptions
    {
        public nuint Size;
        public byte* ObjectName;
    }

    /// <summary>The beginning of <c>struct bpf_test_run_opts</c>.</summary>
    public struct TestRunOptions
    {
        public nuint Size;
        public void* DataIn;
        public void* DataOut;
        public uint DataSizeIn;
        public uint DataSizeOut;
        public void* ContextIn;
        public void* ContextOut;
        public uint ContextSizeIn;
        public uint ContextSizeOut;
        public uint ReturnValue;
        public int Repeat;
        public uint Duration;
        public uint Flags;
        public uint Cpu;
        public uint BatchSize;
    }

    /// <summary>The beginning of <c>struct bpf_map_create_opts</c>.</summary>
    public struct MapOptions
    {
        public nuint Size;
        public uint BtfFd;
        public uint BtfKeyTypeId;
        public uint BtfValueTypeId;
        public uint BtfVmlinuxValueTypeId;
        public uint InnerMapFd;
        public uint Flags;
    }

    /// <summary>The beginning of <c>struct bpf_obj_get_opts</c>.</summary>
    public struct ObjectOptions
    {
        public nuint Size;
        public uint FileFlags;
    }

    [LibraryImport(Library, EntryPoint = "libbpf_set_print")]
    public static partial nint SetPrint(nint print);

    [LibraryImport(Library, EntryPoint = "libbpf_num_possible_cpus")]
    public static partial int PossibleCpus();

    [LibraryImport(Library, EntryPoint = "bpf_object__open_mem", SetLastError = true)]
    public static partial BpfObjectHandle ObjectOpen(void* elf, nuint size, OpenOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_object__load", SetLastError = true)]
    public static partial int ObjectLoad(BpfObjectHandle handle);

    [LibraryImport(Library, EntryPoint = "bpf_object__close")]
    public static partial void ObjectClose(nint handle);

    [LibraryImport(Library, EntryPoint = "bpf_object__find_map_by_name", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FindMap(BpfObjectHandle handle, string name);

    [LibraryImport(Library, EntryPoint = "bpf_object__find_program_by_name", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FindProgram(BpfObjectHandle handle, string name);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_max_entries", SetLastError = true)]
    public static partial int MapSetMaxEntries(nint map, uint entries);

    [LibraryImport(Library, EntryPoint = "bpf_map__reuse_fd", SetLastError = true)]
    public static partial int MapReuse(nint map, SafeFileHandle fd);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_initial_value", SetLastError = true)]
    public static partial int MapSetInitialValue(nint map, void* data, nuint size);

    [LibraryImport(Library, EntryPoint = "bpf_map__fd", SetLastError = true)]
    public static partial int MapFd(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_program__fd", SetLastError = true)]
    public static partial int ProgramFd(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__set_log_buf", SetLastError = true)]
    public static partial int ProgramSetLog(nint program, byte* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "bpf_map_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle MapCreate(uint type, string name, uint keySize, uint valueSize, uint entries, MapOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_map_lookup_elem", SetLastError = true)]
    public static partial int MapLookup(SafeFileHandle map, void* key, void* value);

    [LibraryImport(Library, EntryPoint = "bpf_map_update_elem", SetLastError = true)]
    public static partial int MapUpdate(SafeFileHandle map, void* key, void* value, ulong flags);

    [LibraryImport(Library, EntryPoint = "bpf_map_delete_elem", SetLastError = true)]
    public static partial int MapDelete(SafeFileHandle map, void* key);

    [LibraryImport(Library, EntryPoint = "bpf_obj_pin", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Pin(SafeFileHandle @object, string path);

    [LibraryImport(Library, EntryPoint = "bpf_obj_get_opts", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle OpenPin(string path, ObjectOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_obj_get_info_by_fd", SetLastError = true)]
    public static partial int ReadInfo(int @object, void* info, uint* size);

    [LibraryImport(Library, EntryPoint = "bpf_link_create", SetLastError = true)]
    public static partial SafeFileHandle LinkCreate(int program, SafeFileHandle target, uint attachType, nint options);

    [LibraryImport(Library, EntryPoint = "bpf_link_update", SetLastError = true)]
    public static partial int LinkUpdate(SafeFileHandle link, int program, nint options);

    [LibraryImport(Library, EntryPoint = "bpf_link_detach", SetLastError = true)]
    public static partial int LinkDetach(SafeFileHandle link);

    [LibraryImport(Library, EntryPoint = "bpf_prog_query", SetLastError = true)]
    public static partial int ProgramQuery(SafeFileHandle target, uint attachType, uint queryFlags, uint* attachFlags, uint* programs, uint* count);

    [LibraryImport(Library, EntryPoint = "bpf_prog_test_run_opts", SetLastError = true)]
    public static partial int TestRun(int program, TestRunOptions* options);
}
