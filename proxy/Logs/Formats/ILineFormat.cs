namespace Everyport.Proxy.Logs.Formats;

/// <summary>Makes one line of a record, without its end. Whatever a client wrote, it stays one line, and cannot pass for anything else.</summary>
internal interface ILineFormat
{
    void Write(Line line, DateTime ended, in RequestRecord record);

    void Write(Line line, DateTime ended, in StreamRecord record);

    void Write(Line line, DateTime ended, in FlowRecord record);
}
