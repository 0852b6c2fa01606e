using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Everyport.Proxy.Http.Forwarding;

/// <summary>What happens to the requests and answers of every route, after the transforms of its own.</summary>
internal static class ForwardingTransforms
{
    public static void Add(TransformBuilderContext context)
    {
        // What is there by now comes from a trusted proxy, and is added to. A route with transforms of its own decides for itself.
        if (context.UseDefaultForwarders is not false)
        {
            context.UseDefaultForwarders = false;
            context.AddXForwarded(ForwardedTransformActions.Append);
        }
        context.RequestTransforms.Add(new OriginalRequestTransform());
        context.ResponseTransforms.Add(new HopByHopTransform());
    }
}
