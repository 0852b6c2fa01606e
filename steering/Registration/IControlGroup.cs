namespace Everyport.Steering.Registration;

/// <summary>Finds the directory of a control group, which comes and goes with its processes.</summary>
internal interface IControlGroup
{
    /// <summary>Null where there is none at the moment.</summary>
    string? Find();

    /// <summary>A sentence about why there is none, with what to do.</summary>
    string WhyNone();
}
