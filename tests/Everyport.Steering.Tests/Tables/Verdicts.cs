using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Tests.Tables;

internal static class Verdicts
{
    /// <summary>The target that a verdict of the table stands for; null where no rule matches.</summary>
    public static Target? ToTarget(uint verdict, IReadOnlyDictionary<string, int> services) => verdict switch
    {
        TableLayout.NoRule => null,
        TableLayout.Pass => Target.Pass,
        TableLayout.Drop => Target.Drop,
        _ => Target.ToService(services.Single(service => service.Value == verdict - TableLayout.FirstService).Key),
    };
}
