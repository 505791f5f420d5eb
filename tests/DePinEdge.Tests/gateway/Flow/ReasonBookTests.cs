using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Commands;

namespace DePinEdge.Tests.Gateway.Flow;

/// <summary>Every reason is explained, once, and REASONS.md says what `depin explain` says.</summary>
public sealed class ReasonBookTests
{
    [Fact]
    public void Every_reason_is_explained_once_in_the_order_of_numbers() =>
        Assert.Equal(Enum.GetValues<ReasonCode>(), ReasonBook.All.Select(entry => entry.Code));

    [Fact]
    public void Every_explanation_says_all_four_things_in_sentences()
    {
        foreach (var entry in ReasonBook.All)
            foreach (var text in new[] { entry.What, entry.Numbers, entry.Change, entry.Cost })
            {
                Assert.True(text.Length > 20, $"{entry.Name}: '{text}' says nothing");
                Assert.True(text.EndsWith('.'), $"{entry.Name}: '{text}' is no sentence");
                Assert.True(text.Count(c => c == '`') % 2 == 0, $"{entry.Name}: '{text}' has an open backtick");
            }
    }

    [Fact]
    public void Groups_follow_each_other() =>
        Assert.Equal(ReasonBook.All.Select(entry => entry.Group).Distinct().Count(), ReasonBook.All.Zip(ReasonBook.All.Skip(1)).Count(pair => pair.First.Group != pair.Second.Group) + 1);

    [Theory]
    [InlineData("WRONG_OUTPUT", ReasonCode.WrongOutput)]
    [InlineData("wrong-output", ReasonCode.WrongOutput)]
    [InlineData("WrongOutput", ReasonCode.WrongOutput)]
    [InlineData("10", ReasonCode.WrongOutput)]
    [InlineData("66", ReasonCode.LimitReached)]
    public void A_reason_is_found_by_name_and_number(string text, ReasonCode expected)
    {
        Assert.True(ReasonNames.TryParse(text, out var code));
        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("010")]
    [InlineData("67")]
    [InlineData("WRONG")]
    public void Anything_else_is_not_found(string text) => Assert.False(ReasonNames.TryParse(text, out _));

    [Fact]
    public void The_page_is_the_book() => Assert.True(
        File.ReadAllText(RepositoryRoot.Of("gateway", "REASONS.md")) == ReasonPage.Markdown(),
        "gateway/REASONS.md is not what the book says; write it anew: " + ReasonPage.Command);
}
